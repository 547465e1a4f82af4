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

const tokyo = ['1']

/** やまざとマルシェ in Tokyo: what grows and is made in the hills. */
export const japan: Sample = {
  settings: {
    ...settings,
    name: 'やまざとマルシェ',
    country: 'JP',
    currency: 'JPY',
    zone: 'Asia/Tokyo',
    language: 'ja',
    languages: ['ja', 'en'],
    hours: daily('09:00', '20:00'),
    greeting:
      'こんにちは。やまざとマルシェです。里山の果物やお茶、手仕事の器をお届けしています。お探しのものがあれば、お気軽にメッセージをください。下のメニュー「商品一覧」からもご覧いただけます。',
    awayMessage:
      'ただいま営業時間外です（毎日9:00〜20:00）。メッセージをお残しいただければ、開店後すぐにお返事いたします。',
    vatPercent: 10,
    vatId: 'T1234567890123',
    contact: {
      phone: '03-1234-5678',
      email: 'hello@yamazato.example',
      address: '〒150-0001 東京都渋谷区神宮前1-2-3',
      url: '',
    },
    policy:
      '商品の破損やお届け間違いは、到着後7日以内に写真を添えてご連絡ください。交換または全額返金いたします。生鮮品は到着後2日以内にお知らせください。',
    limits: limits(10_000, 25_000),
  },
  stores: stores([
    { name: '神宮前店', address: '東京都渋谷区神宮前1-2-3' },
    { name: '川口倉庫', address: '埼玉県川口市本町4-5-6' },
  ]),
  couriers: couriers([
    {
      name: 'ヤマト運輸 宅急便',
      rules: [
        { postcodes: [], from: 8_000, price: 0 },
        { postcodes: tokyo, from: 0, price: 660 },
        { postcodes: [], from: 0, price: 880 },
      ],
      days: 1,
      trackingUrl: 'https://toi.kuronekoyamato.co.jp/cgi-bin/tneko?number01={tracking}',
    },
    {
      name: 'ゆうパック',
      rules: [
        { postcodes: tokyo, from: 0, price: 610 },
        { postcodes: [], from: 0, price: 820 },
      ],
      days: 2,
      trackingUrl: 'https://trackings.post.japanpost.jp/services/srv/search/?requestNo1={tracking}',
    },
    {
      name: 'マルシェ便（時間指定・都内）',
      rules: [{ postcodes: tokyo, from: 0, price: 980 }],
      days: 0,
      slots: true,
    },
  ]),
  points: points([
    {
      name: '神宮前店',
      address: '東京都渋谷区神宮前1-2-3',
      hours: '毎日 9:00〜20:00',
    },
    {
      name: '京都三条 受け取りカウンター',
      address: '京都府京都市中京区三条通2-1',
      hours: '月〜土 10:00〜19:00',
    },
  ]),
  replies: [
    {
      shortcut: 'hello',
      language: 'ja',
      text: 'こんにちは、やまざとマルシェです。どのようなものをお探しでしょうか。',
    },
    {
      shortcut: 'hello',
      language: 'en',
      text: 'Hello, this is Yamazato Marché. What are you looking for today?',
    },
    {
      shortcut: 'ship',
      language: 'ja',
      text: '宅急便は翌日のお届け、8,000円以上で送料無料です。都内はお時間を選べるマルシェ便もございます。',
    },
    {
      shortcut: 'pay',
      language: 'ja',
      text: 'クレジットカード、コンビニ払いなどがご利用いただけます。注文カードのボタンからお進みください。',
    },
    {
      shortcut: 'thanks',
      language: 'ja',
      text: 'ありがとうございました。またのご利用を心よりお待ちしております。',
    },
  ],
  categories: ['果物とおやつ', 'お茶・コーヒー・はちみつ', '暮らしの道具', '贈りもの', '催し'],
  products: [
    {
      key: 'pomelo',
      category: 0,
      name: '土佐文旦 2玉',
      description:
        '高知の日当たりのよい山の畑で育った文旦です。果汁たっぷり、さわやかな甘みとほろ苦さ。常温で2週間ほどもちます。',
      price: 1_480,
      variants: plain('JP-POM-2', 14, 40),
    },
    {
      key: 'mango',
      category: 0,
      name: '宮崎マンゴーのドライフルーツ',
      description: '完熟マンゴーを砂糖を加えずにゆっくり乾燥。しっとりとした食感です。60g。',
      price: 1_280,
      variants: plain('JP-MAN-60', 0, 0),
    },
    {
      key: 'jam',
      category: 0,
      name: '柚子とマンゴーのジャム',
      description: '小鍋で少しずつ炊いた、果実65%の低糖ジャム。ヨーグルトやトーストに。150g。',
      price: 980,
      variants: plain('JP-JAM-150', 12, 36),
    },
    {
      key: 'rice',
      category: 0,
      name: '新潟県産コシヒカリ 5kg',
      description: '魚沼の棚田で農薬を控えて育てた今年の新米です。炊き上がりの香りとつやをお楽しみください。',
      price: 3_980,
      variants: plain('JP-RICE-5', 8, 40),
    },
    {
      key: 'honey',
      category: 1,
      name: '国産みかんのはちみつ',
      description: '愛媛のみかん畑で採れた非加熱のはちみつ。花の香りとすっきりした後味です。',
      price: 1_620,
      variants: [
        { sku: 'JP-HON-180', name: '180g', stock: [10, 30] },
        { sku: 'JP-HON-450', name: '450g', prices: { JPY: 3_480 }, stock: [6, 20] },
        { sku: 'JP-HON-900', name: '900g', prices: { JPY: 6_480 }, stock: [2, 8] },
      ],
    },
    {
      key: 'tea',
      category: 1,
      name: '宇治抹茶入り玄米茶',
      description: '京都・宇治の抹茶と香ばしい玄米をあわせました。熱湯でも水出しでも。100g。',
      price: 1_080,
      others: { USD: 750, THB: 27_000 },
      variants: plain('JP-TEA-100', 18, 60),
    },
    {
      key: 'coffee',
      category: 1,
      name: 'ドリップコーヒー 10袋',
      description: '毎週焙煎する自家焙煎の豆を一杯分ずつ。封を切ってお湯を注ぐだけです。',
      price: 1_350,
      variants: roasts('JP-COF', ['浅煎り', '中煎り', '深煎り']),
    },
    {
      key: 'cloth',
      category: 2,
      name: '手織りの木綿ふろしき',
      description: '使うほどやわらかくなる木綿。包んだり、敷いたり、羽織ったり。約105cm角。',
      price: 2_980,
      variants: colours('JP-CLO', ['茜', '藍', '松葉']),
    },
    {
      key: 'cup',
      category: 2,
      name: '青磁の湯呑み',
      description: '木灰の釉薬で焼いた淡い青緑。貫入の模様はひとつずつ違います。180ml、電子レンジ可。',
      price: 2_640,
      others: { USD: 1_800, THB: 62_000 },
      variants: plain('JP-CUP-180', 5, 12),
    },
    {
      key: 'soap',
      category: 2,
      name: '柚子とこめ油の石けん',
      description: '国産のこめ油をゆっくり固めた、肌にやさしい石けん。90g。',
      price: 660,
      variants: plain('JP-SOAP-90', 40, 120),
    },
    {
      key: 'basket',
      category: 3,
      name: '里山の詰め合わせかご',
      description:
        'はちみつ、ジャム、ドリップコーヒー、お茶、湯呑みを竹かごに。リボンとメッセージカード付き。',
      price: 8_800,
      variants: plain('JP-GIFT-01', 3, 6),
    },
    {
      key: 'hat',
      category: 3,
      name: '麦わら帽子',
      description: '夏の新作。準備中です。',
      price: 3_300,
      variants: plain('JP-HAT-01', 0, 20),
      hidden: true,
    },
    {
      key: 'tea-evening',
      picture: 'tea',
      category: 4,
      name: '里山のお茶会 入場券',
      description: '宇治の茶農家を招き、新茶と季節の菓子を楽しむ夕べ。お一人様一枚、QRで入場できます。',
      price: 3_000,
      variants: plain('JP-TEA-EVE', 24, 0),
      event: { inDays: 21, place: '神宮前店 2階' },
    },
  ],
}
