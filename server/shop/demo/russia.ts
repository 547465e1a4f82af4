import {
  colours,
  couriers,
  daily,
  limits,
  plain,
  points,
  roasts,
  type Sample,
  settings,
  stores,
} from './sample.ts'

const moscow = ['10', '11', '12']

/** «Медовый двор» in Moscow: honey, tea and things for the house. */
export const russia: Sample = {
  settings: {
    ...settings,
    name: 'Медовый двор',
    country: 'RU',
    currency: 'RUB',
    zone: 'Europe/Moscow',
    language: 'ru',
    languages: ['ru', 'en'],
    hours: daily('09:00', '21:00'),
    greeting:
      'Здравствуйте! Это «Медовый двор»: мёд, варенье, чай и вещи для дома от небольших мастерских. Напишите, что вы ищете, или нажмите «Товары» ниже.',
    awayMessage:
      'Сейчас мы закрыты: работаем ежедневно с 9:00 до 21:00. Оставьте сообщение, и мы ответим сразу после открытия.',
    vatPercent: 22,
    vatId: '7701234567',
    contact: {
      phone: '+7 495 123-45-67',
      email: 'hello@medovyidvor.example',
      address: '115035, Москва, ул. Пятницкая, д. 8',
      url: '',
    },
    policy:
      'Если товар повреждён или пришло не то, пришлите фото в течение 7 дней: заменим или вернём деньги полностью. О свежих фруктах сообщите в течение 2 дней.',
    limits: limits(500_000, 1_500_000),
  },
  stores: stores([
    { name: 'Магазин на Пятницкой', address: 'Москва, ул. Пятницкая, д. 8' },
    { name: 'Склад в Мытищах', address: 'Мытищи, ул. Силикатная, д. 19' },
  ]),
  couriers: couriers([
    {
      name: 'СДЭК',
      rules: [
        { postcodes: [], from: 500_000, price: 0 },
        { postcodes: moscow, from: 0, price: 29_000 },
        { postcodes: [], from: 0, price: 45_000 },
      ],
      days: 2,
      trackingUrl: 'https://www.cdek.ru/ru/tracking/?order_id={tracking}',
    },
    {
      name: 'Почта России',
      rules: [
        { postcodes: moscow, from: 0, price: 25_000 },
        { postcodes: [], from: 0, price: 38_000 },
      ],
      days: 5,
      trackingUrl: 'https://www.pochta.ru/tracking?barcode={tracking}',
    },
    {
      name: 'Курьер по Москве (ко времени)',
      rules: [{ postcodes: moscow, from: 0, price: 49_000 }],
      days: 0,
      slots: true,
    },
  ]),
  points: points([
    {
      name: 'Магазин на Пятницкой, 8',
      address: 'Москва, ул. Пятницкая, д. 8',
      hours: 'ежедневно 9:00–20:00',
    },
    {
      name: 'Пункт выдачи на Невском',
      address: 'Санкт-Петербург, Невский пр., д. 52',
      hours: 'пн–сб 10:00–19:00',
    },
  ]),
  replies: [
    { shortcut: 'hello', language: 'ru', text: 'Здравствуйте! «Медовый двор» на связи. Чем можем помочь?' },
    { shortcut: 'hello', language: 'en', text: 'Hello, this is Medovy Dvor. What can we get for you today?' },
    {
      shortcut: 'ship',
      language: 'ru',
      text: 'По Москве доставим за 1–2 дня, по России за 2–7 дней. От 5 000 ₽ доставка СДЭК бесплатная.',
    },
    {
      shortcut: 'pay',
      language: 'ru',
      text: 'Оплатить можно через СБП или картой: нажмите кнопку в карточке заказа.',
    },
    { shortcut: 'thanks', language: 'ru', text: 'Спасибо за покупку! Будем рады вашему отзыву. 🧡' },
  ],
  categories: ['Фрукты и сладости', 'Чай, кофе и мёд', 'Для дома', 'Подарки'],
  products: [
    {
      key: 'pomelo',
      category: 0,
      name: 'Помело медовое, 1 шт.',
      description: 'Сочное и сладкое, легко чистится. Вес около 1,2 кг. В холодильнике хранится до 2 недель.',
      price: 34_000,
      variants: plain('RU-POM-01', 18, 60),
    },
    {
      key: 'mango',
      category: 0,
      name: 'Манго сушёное без сахара',
      description: 'Спелое манго, высушенное при низкой температуре. Пакет с замком, 100 г.',
      price: 29_000,
      variants: plain('RU-MAN-100', 0, 0),
    },
    {
      key: 'jam',
      category: 0,
      name: 'Варенье из облепихи и апельсина',
      description: 'Варим в небольших тазах, 65 % ягод и фруктов, мало сахара. К блинам и творогу. 200 г.',
      price: 39_000,
      variants: plain('RU-JAM-200', 12, 36),
    },
    {
      key: 'rice',
      category: 0,
      name: 'Рис краснодарский, 5 кг',
      description: 'Новый урожай с Кубани, круглозёрный, рассыпчатый. Вакуумная упаковка.',
      price: 89_000,
      variants: plain('RU-RICE-5', 6, 40),
    },
    {
      key: 'honey',
      category: 1,
      name: 'Мёд липовый башкирский',
      description: 'Сырой мёд с пасеки в Башкирии, не нагревался. Светлый, с ароматом липы.',
      price: 49_000,
      variants: [
        { sku: 'RU-HON-250', name: '250 г', stock: [10, 30] },
        { sku: 'RU-HON-500', name: '500 г', prices: { RUB: 89_000 }, stock: [6, 20] },
        { sku: 'RU-HON-1000', name: '1 кг', prices: { RUB: 165_000 }, stock: [2, 8] },
      ],
    },
    {
      key: 'tea',
      category: 1,
      name: 'Иван-чай с мятой',
      description: 'Ферментированный иван-чай с луговой мятой. Вкусен горячим и холодным. 100 г.',
      price: 36_000,
      others: { USD: 450 },
      variants: plain('RU-TEA-100', 12, 30),
    },
    {
      key: 'coffee',
      category: 1,
      name: 'Кофе в дрип-пакетах, 10 шт.',
      description: 'Свежая обжарка каждую неделю. Откройте пакет, залейте горячей водой — и готово.',
      price: 69_000,
      variants: roasts('RU-COF', ['Светлая обжарка', 'Средняя обжарка', 'Тёмная обжарка']),
    },
    {
      key: 'cloth',
      category: 2,
      name: 'Платок льняной ручной работы',
      description:
        'Лён, который становится мягче с каждой стиркой. 80 × 180 см: на плечи, на стол или в подарок.',
      price: 149_000,
      variants: colours('RU-CLO', ['Красный', 'Синий', 'Зелёный']),
    },
    {
      key: 'cup',
      category: 2,
      name: 'Чашка керамическая',
      description: 'Зольная глазурь, мягкий зелёный цвет; узор трещинок у каждой свой. 180 мл.',
      price: 119_000,
      variants: plain('RU-CUP-180', 5, 12),
    },
    {
      key: 'soap',
      category: 2,
      name: 'Мыло медовое с облепихой',
      description: 'Сварено вручную на натуральных маслах. 90 г.',
      price: 21_000,
      variants: plain('RU-SOAP-90', 40, 120),
    },
    {
      key: 'basket',
      category: 3,
      name: 'Подарочная корзина «Медовый двор»',
      description:
        'Мёд, варенье, кофе, чай и пара чашек в плетёной корзине с лентой. Открытку подпишем бесплатно.',
      price: 549_000,
      variants: plain('RU-GIFT-01', 2, 5),
    },
    {
      key: 'hat',
      category: 3,
      name: 'Шляпа соломенная',
      description: 'Новинка к лету, скоро в продаже.',
      price: 129_000,
      variants: plain('RU-HAT-01', 0, 20),
      hidden: true,
    },
  ],
}
