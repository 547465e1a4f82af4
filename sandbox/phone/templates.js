// Template messages: buttons, confirm, carousel, image carousel.
import { h } from './dom.js'

export function drawTemplate(template, perform) {
  if (template.type === 'confirm') {
    return card({ text: template.text, actions: template.actions }, perform, 'template-row')
  }
  if (template.type === 'carousel') {
    return h(
      'div',
      { class: 'flex-carousel' },
      template.columns.map((column) => card({ ...template, ...column }, perform)),
    )
  }
  if (template.type === 'image_carousel') {
    return h(
      'div',
      { class: 'flex-carousel' },
      template.columns.map((column) => photo(column, perform)),
    )
  }
  return card(template, perform)
}

function card(column, perform, arrangement = '') {
  const element = h('div', { class: 'template' })
  if (column.thumbnailImageUrl) {
    element.append(
      h('img', {
        src: column.thumbnailImageUrl,
        alt: '',
        style: {
          aspectRatio: column.imageAspectRatio === 'square' ? '1 / 1' : '1.51 / 1',
          objectFit: column.imageSize === 'contain' ? 'contain' : 'cover',
          backgroundColor: column.imageBackgroundColor,
        },
      }),
    )
  }
  const words = h('div', { class: 'template-words' })
  if (column.title) words.append(h('strong', {}, column.title))
  words.append(h('p', {}, column.text))
  if (column.defaultAction) {
    words.classList.add('flex-tappable')
    words.addEventListener('click', () => perform(column.defaultAction))
  }
  const buttons = column.actions.map((action) =>
    h('button', { type: 'button', onclick: () => perform(action) }, action.label),
  )
  element.append(words, h('div', { class: `template-buttons ${arrangement}` }, buttons))
  return element
}

const photo = ({ imageUrl, action }, perform) =>
  h(
    'button',
    { type: 'button', class: 'template-photo', onclick: () => perform(action) },
    h('img', { src: imageUrl, alt: action.label ?? '' }),
    action.label ? h('span', {}, action.label) : null,
  )
