/*
 * The sample shop's pictures, drawn here so that no photograph has to be shipped: flat shapes on a soft ground, in a
 * square of 400 by 400.
 */

import {
  around,
  bag,
  box,
  circle,
  halfFruit,
  jar,
  leaf,
  line,
  mango,
  moved,
  oval,
  shadow,
  shape,
  shine,
  turned,
} from './picture-shapes.ts'

type Drawing = { ground: [string, string]; shapes: string }

/** The drawing of a sample product, or of the shop's logo, as SVG; null for a name that has none. */
export function drawPicture(name: string): string | null {
  const drawing = Object.hasOwn(drawings, name) ? drawings[name] : undefined
  if (!drawing) return null
  const [light, dark] = drawing.ground
  return `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="800" viewBox="0 0 400 400">
<defs><radialGradient id="ground" cx="50%" cy="38%" r="75%">
<stop offset="0" stop-color="${light}"/><stop offset="1" stop-color="${dark}"/></radialGradient></defs>
<rect width="400" height="400" fill="url(#ground)"/>${drawing.shapes}</svg>`
}

const drawings: Record<string, Drawing> = {
  logo: {
    ground: ['#e9f4e4', '#cfe6cf'],
    shapes:
      shape('M70 214L200 96L330 214v16H70z', '#0b6b4f') +
      halfFruit(200, 236, 92, '#b7cf4f', '#f6a6a1') +
      leaf(196, 140, -35, 70),
  },
  pomelo: {
    ground: ['#f7fbe6', '#dcebb5'],
    shapes:
      shadow(196, 326, 150) +
      circle(168, 204, 112, '#c4d65a') +
      circle(150, 186, 92, '#d2e16d') +
      shine('M92 176q10 -52 56 -68') +
      line('M168 94v-16', '#6b5a2e', 7) +
      leaf(168, 84, -22, 74) +
      halfFruit(272, 250, 80, '#b7cf4f', '#f7b2a8'),
  },
  melon: {
    ground: ['#fff9e0', '#f6e3a0'],
    shapes:
      shadow(200, 322, 150) +
      oval(176, 214, 128, 104, '#e9c64b') +
      oval(160, 200, 104, 84, '#f2d566') +
      [0, 1, 2, 3, 4]
        .map((row) => line(`M${62 + row * 6} ${150 + row * 30}q110 ${44 - row * 20} 222 0`, '#d2a93a', 3))
        .join('') +
      [0, 1, 2].map((column) => line(`M${110 + column * 62} 122q-22 90 0 186`, '#d2a93a', 3)).join('') +
      line('M58 196q-22 -14 -34 -36', '#7a6a2e', 8) +
      shape('M236 318q108 -18 126 -128q-84 6 -126 128z', '#c9a437') +
      shape('M244 308q92 -18 108 -108q-74 10 -108 108z', '#fbe7b0') +
      shape('M258 292q66 -16 80 -76q-54 10 -80 76z', '#f7c98a'),
  },
  mango: {
    ground: ['#fff6dd', '#ffdf9a'],
    shapes:
      bag('#fffaf0', '#0b6b4f') +
      circle(200, 206, 66, '#ffe9b3') +
      mango(196, 208, 0.66) +
      leaf(236, 164, -20, 44) +
      around(5, (_, index) =>
        turned(
          index * 24 - 50,
          120 + index * 40,
          330,
          oval(120 + index * 40, 330, 30, 9, index % 2 ? '#f2a33a' : '#f7b84c'),
        ),
      ),
  },
  jam: {
    ground: ['#fff1ea', '#ffd2bb'],
    shapes:
      jar('#f08a2c', '#d9483b', '#fffaf0') +
      mango(178, 238, 0.36) +
      halfFruit(232, 240, 26, '#6b3b6f', '#f4c542') +
      shape(
        'M110 92q90 -44 180 0l14 26q-16 12 -28 0q-12 14 -28 0q-12 14 -28 0q-14 14 -28 0q-14 14 -28 0q-14 14 -28 0q-12 12 -28 0z',
        '#d9483b',
      ) +
      line('M118 116h164', '#fff', 4),
  },
  rice: {
    ground: ['#f3f6ee', '#d7e2c4'],
    shapes:
      bag('#f6efe0', '#8a6b3c') +
      circle(200, 200, 62, '#0b6b4f') +
      around(7, (angle) => turned(angle, 200, 200, oval(200, 168, 8, 20, '#fffdf5'))) +
      around(9, (_, index) =>
        turned(
          index * 37,
          96 + index * 26,
          338 + (index % 3) * 8,
          oval(96 + index * 26, 338 + (index % 3) * 8, 11, 4, '#fffdf5'),
        ),
      ) +
      box(150, 278, 100, 12, '#8a6b3c', 6),
  },
  honey: {
    ground: ['#fff7da', '#ffdc7a'],
    shapes:
      jar('#e79a17', '#7a4a16', '#fff7da') +
      turned(0, 200, 238, shape('M200 206l28 16v32l-28 16l-28 -16v-32z', '#f4b62c')) +
      shape('M172 222l28 16l28 -16M200 238v32', 'none', 'stroke="#c97f10" stroke-width="4"') +
      turned(
        24,
        306,
        150,
        box(301, 60, 10, 130, '#b77b3f', 5) +
          oval(306, 204, 24, 36, '#c98f4e') +
          line('M284 194h44M282 206h48M286 218h40', '#8f5d2a', 5),
      ),
  },
  tea: {
    ground: ['#eff6e6', '#c9dfae'],
    shapes:
      shadow(200, 330, 130) +
      shape('M90 176h220q-4 130 -76 146h-68q-72 -16 -76 -146z', '#3b3a44') +
      oval(200, 176, 110, 30, '#4b4a55') +
      oval(200, 178, 98, 24, '#8db255') +
      oval(186, 176, 54, 11, '#a8c873') +
      around(6, (_, index) => oval(150 + index * 20, 170 + (index % 2) * 12, 6, 4, '#e9d9a2')) +
      line(
        'M164 128q-12 -18 4 -34t2 -34M206 122q-12 -18 4 -34t2 -34M246 128q-12 -18 4 -34t2 -34',
        '#fff',
        6,
      ) +
      leaf(292, 322, -18, 64) +
      leaf(288, 330, 20, 54),
  },
  coffee: {
    ground: ['#f6ece2', '#dcc3a8'],
    shapes:
      shadow(200, 342, 120) +
      shape('M122 220h156l-14 106q-64 20 -128 0z', '#fffaf2') +
      line('M276 240q52 2 40 44t-52 26', '#fffaf2', 15) +
      shape('M96 118h208l-30 78H126z', '#fff') +
      shape('M120 118h160l-20 60H140z', '#6a4126') +
      oval(200, 118, 104, 18, '#8d5a36') +
      oval(200, 118, 86, 12, '#4e2d18') +
      line('M200 196v22', '#4e2d18', 7) +
      around(3, (_, index) =>
        turned(
          index * 50 + 20,
          90 + index * 20,
          324,
          oval(90 + index * 20, 324 + index * 6, 16, 11, '#5b3620') +
            line(`M${80 + index * 20} ${324 + index * 6}q10 -6 20 0`, '#3d2313', 2),
        ),
      ),
  },
  cloth: {
    ground: ['#fbeeee', '#f1cfcf'],
    shapes:
      shadow(200, 332, 130) +
      ['#2f6f5f', '#27508f', '#b5332f']
        .map((colour, index) => {
          const y = 262 - index * 68
          return (
            box(84 + index * 6, y, 232 - index * 12, 64, colour, 16) +
            [0, 1, 2, 3, 4]
              .map((step) => box(104 + index * 6 + step * 44, y, 12, 64, '#fff', 0, 'opacity=".32"'))
              .join('') +
            box(84 + index * 6, y + 14, 232 - index * 12, 9, '#fff', 0, 'opacity=".3"') +
            box(84 + index * 6, y + 40, 232 - index * 12, 9, '#000', 0, 'opacity=".16"')
          )
        })
        .join('') +
      around(12, (_, index) => line(`M${104 + index * 17} 326v16`, '#1f4d42', 3)),
  },
  cup: {
    ground: ['#eef5f0', '#c6ddd0'],
    shapes:
      shadow(200, 336, 126) +
      oval(200, 322, 128, 18, '#8fb9a0') +
      shape('M104 150h192q0 130 -56 164h-80q-56 -34 -56 -164z', '#9cc7ae') +
      shape('M240 150h56q0 130 -56 164h-30q52 -60 30 -164z', '#7fae94', 'opacity=".7"') +
      oval(200, 150, 96, 24, '#b9dbc7') +
      oval(200, 153, 84, 18, '#7aa98d') +
      line('M130 190l18 22l-8 26l20 24M178 210l14 30l-10 30M232 196l-12 26l18 22l-10 28', '#7aa98d', 2) +
      shine('M120 176q2 50 20 92'),
  },
  soap: {
    ground: ['#fff5e3', '#f4d6a0'],
    shapes:
      shadow(200, 312, 140) +
      turned(
        -6,
        200,
        240,
        box(86, 178, 228, 116, '#d99527', 40) +
          box(86, 168, 228, 108, '#eab04a', 40) +
          box(120, 192, 160, 60, '#d99527', 26, 'opacity=".45"') +
          shine('M112 206q4 -22 26 -26'),
      ) +
      circle(300, 128, 26, '#fff', 'opacity=".7"') +
      circle(340, 172, 15, '#fff', 'opacity=".6"') +
      circle(262, 100, 13, '#fff', 'opacity=".65"') +
      shape('M70 128q44 -44 96 -8q20 22 -4 32q-46 -32 -82 4q-18 2 -10 -28z', '#8a5a2b') +
      leaf(150, 110, -30, 46),
  },
  basket: {
    ground: ['#fdeef0', '#f3c6cf'],
    shapes:
      shadow(200, 348, 130) +
      line('M96 208C96 40 304 40 304 208', '#a9763d', 14) +
      moved(92, 96, 0.42, jar('#e79a17', '#7a4a16', '#fff7da')) +
      moved(180, 108, 0.36, bag('#6a4126', '#d9b48a')) +
      circle(158, 196, 34, '#c4d65a') +
      circle(262, 200, 30, '#f7b733') +
      shape('M78 208h244l-28 128q-94 18 -188 0z', '#c4924f') +
      [0, 1, 2]
        .map((row) => line(`M${84 + row * 6} ${236 + row * 34}h${232 - row * 12}`, '#a9763d', 5))
        .join('') +
      [0, 1, 2, 3, 4]
        .map((column) => line(`M${116 + column * 42} 214l${6 - column * 3} 122`, '#a9763d', 4))
        .join('') +
      shape('M200 232c-46 -40 -76 -6 -58 18s46 8 58 -18c46 -40 76 -6 58 18s-46 8 -58 -18z', '#d9483b') +
      shape('M196 236l-26 60l22 -10l8 22l8 -22l22 10l-26 -60z', '#c23a2f') +
      circle(200, 236, 12, '#e86a5c'),
  },
  hat: {
    ground: ['#eef6fb', '#c4dff0'],
    shapes:
      shadow(200, 318, 150) +
      oval(200, 272, 158, 42, '#d9b77c') +
      oval(200, 264, 158, 40, '#e8cc96') +
      shape('M112 258C116 128 284 128 288 258q-88 30 -176 0z', '#e3c388') +
      shape('M113 236q87 30 174 0l1 24q-88 30 -176 0z', '#0b6b4f') +
      [0, 1, 2]
        .map((row) =>
          line(`M${132 + row * 10} ${214 - row * 22}q${68 - row * 10} 20 ${136 - row * 20} 0`, '#c9a566', 3),
        )
        .join(''),
  },
}
