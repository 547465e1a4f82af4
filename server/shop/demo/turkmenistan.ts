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

const ashgabat = ['744']

/** Miweli Bag in Ashgabat: melons, tea and handicrafts. */
export const turkmenistan: Sample = {
  settings: {
    ...settings,
    name: 'Miweli Bag',
    country: 'TM',
    currency: 'TMT',
    zone: 'Asia/Ashgabat',
    language: 'tk',
    languages: ['tk', 'ru', 'en'],
    hours: daily('09:00', '21:00'),
    greeting:
      'Salam! «Miweli Bag» dükanyna hoş geldiňiz! Bizde gawun, bal, çaý we el işleri bar. Näme gözleýändigiňizi ýazyň ýa-da aşakdaky «Harytlar» düwmesine basyň.',
    awayMessage:
      'Häzir dükan ýapyk. Biz her gün 9:00–21:00 aralygynda işleýäris. Hatyňyzy galdyryň, açylan badymyza jogap bereris.',
    vatPercent: 15,
    vatId: '101123456789',
    contact: {
      phone: '+993 12 123456',
      email: 'salam@miwelibag.example',
      address: '744000, Aşgabat şäheri, Magtymguly şaýoly, 8',
      url: '',
    },
    policy:
      'Haryt zaýalanan ýa-da başga haryt gelen bolsa, 7 günüň içinde suratyny ugradyň: çalşarys ýa-da puluňyzy doly gaýtararys. Ter miweler barada 2 günüň içinde habar beriň.',
    limits: limits(50_000, 150_000),
  },
  stores: stores([
    {
      name: 'Magtymguly şaýolundaky dükan',
      address: 'Aşgabat, Magtymguly şaýoly, 8',
    },
    { name: 'Änew ammary', address: 'Änew, Garaşsyzlyk köçesi, 19' },
  ]),
  couriers: couriers([
    {
      name: 'Türkmenpoçta',
      rules: [
        { postcodes: [], from: 50_000, price: 0 },
        { postcodes: ashgabat, from: 0, price: 1_500 },
        { postcodes: [], from: 0, price: 3_000 },
      ],
      days: 3,
    },
    {
      name: 'Aşgabat boýunça eltip beriji (wagtyny saýlaň)',
      rules: [{ postcodes: ashgabat, from: 0, price: 2_500 }],
      days: 0,
      slots: true,
    },
  ]),
  points: points([
    {
      name: 'Magtymguly şaýolundaky dükan',
      address: 'Aşgabat, Magtymguly şaýoly, 8',
      hours: 'her gün 9:00–20:00',
    },
    {
      name: 'Mary şäherindäki beriş nokady',
      address: 'Mary, Mollanepes köçesi, 12',
      hours: 'duşenbe–şenbe 10:00–19:00',
    },
  ]),
  replies: [
    {
      shortcut: 'hello',
      language: 'tk',
      text: 'Salam! «Miweli Bag» dükany. Size nähili kömek edip bileris?',
    },
    { shortcut: 'hello', language: 'ru', text: 'Здравствуйте! «Miweli Bag» на связи. Чем можем помочь?' },
    {
      shortcut: 'ship',
      language: 'tk',
      text: 'Aşgabat boýunça şol gün, welaýatlara 3 günde eltip berýäris. 500 manatdan ýokary sargytlara poçta mugt.',
    },
    {
      shortcut: 'pay',
      language: 'tk',
      text: 'Bank kartyňyz bilen töläp bilersiňiz: sargyt kartoçkasyndaky düwmä basyň.',
    },
    { shortcut: 'thanks', language: 'tk', text: 'Sag boluň! Ýene-de gelmegiňize garaşýarys. 🧡' },
  ],
  categories: ['Miweler we süýjülikler', 'Çaý, kofe we bal', 'Öý üçin', 'Sowgatlar'],
  products: [
    {
      key: 'melon',
      category: 0,
      name: 'Garrygyz gawuny, 1 sany',
      description: 'Lebap topragynda ýetişen süýji, ýakymly ysly gawun. Agramy 4 kg töweregi.',
      price: 4_000,
      variants: plain('TM-MEL-01', 18, 60),
    },
    {
      key: 'mango',
      category: 0,
      name: 'Guradylan erik, şekersiz',
      description: 'Güneşde guradylan ýumşak erik, goşundysyz. 250 g.',
      price: 3_500,
      variants: plain('TM-APR-250', 0, 0),
    },
    {
      key: 'jam',
      category: 0,
      name: 'Erik mürepbesi',
      description: 'Kiçi gazanda gaýnadylan, 65 % miwe, az şekerli. Çörek bilen örän tagamly. 200 g.',
      price: 3_000,
      variants: plain('TM-JAM-200', 12, 36),
    },
    {
      key: 'rice',
      category: 0,
      name: 'Daşoguz tüwüsi, 5 kg',
      description: 'Palaw üçin täze hasyl tüwi. Wakuum gaplamasynda 5 kg.',
      price: 12_500,
      variants: plain('TM-RICE-5', 6, 40),
    },
    {
      key: 'honey',
      category: 1,
      name: 'Köpetdag baly',
      description: 'Dag gülleriniň arassa baly, gyzdyrylmadyk.',
      price: 7_500,
      variants: [
        { sku: 'TM-HON-250', name: '250 g', stock: [10, 30] },
        { sku: 'TM-HON-500', name: '500 g', prices: { TMT: 14_000 }, stock: [6, 20] },
        { sku: 'TM-HON-1000', name: '1 kg', prices: { TMT: 26_000 }, stock: [2, 8] },
      ],
    },
    {
      key: 'tea',
      category: 1,
      name: 'Gök çaý, 100 g',
      description: 'Her günki käse gök çaý üçin saýlanan ýapraklar. Yssy we sowuk içmäge ýakymly.',
      price: 2_500,
      others: { USD: 700 },
      variants: plain('TM-TEA-100', 12, 30),
    },
    {
      key: 'coffee',
      category: 1,
      name: 'Kofe, 10 paket',
      description: 'Her hepde täze gowrulýan arabika. Gaby açyň, gaýnag suw guýuň, taýýar.',
      price: 9_500,
      variants: roasts('TM-COF', ['Açyk gowrulan', 'Orta gowrulan', 'Goýy gowrulan']),
    },
    {
      key: 'cloth',
      category: 2,
      name: 'El dokma keteni',
      description: 'Elde dokalan keteni, her ýuwlanda has ýumşaýar. 80 × 180 sm.',
      price: 25_000,
      variants: colours('TM-CLO', ['Gyzyl', 'Gök', 'Ýaşyl']),
    },
    {
      key: 'cup',
      category: 2,
      name: 'Çaý käsesi',
      description: 'Açyk ýaşyl syrçaly keramika, her käsäniň nagşy başga. 180 ml.',
      price: 12_000,
      variants: plain('TM-CUP-180', 5, 12),
    },
    {
      key: 'soap',
      category: 2,
      name: 'Zeýtun ýagly sabyn',
      description: 'Elde taýýarlanan tebigy sabyn. 90 g.',
      price: 2_000,
      variants: plain('TM-SOAP-90', 40, 120),
    },
    {
      key: 'basket',
      category: 3,
      name: 'Sowgat sebedi',
      description: 'Bal, mürepbe, kofe, çaý we iki käse örme sebetde, lenta bilen. Gutlag haty mugt.',
      price: 62_000,
      variants: plain('TM-GIFT-01', 2, 5),
    },
    {
      key: 'hat',
      category: 3,
      name: 'Saman şlýapa',
      description: 'Tomus üçin täze görnüş. Entek satylmaýar.',
      price: 15_000,
      variants: plain('TM-HAT-01', 0, 20),
      hidden: true,
    },
  ],
}
