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

const jakarta = ['10', '11', '12', '13', '14']

/** Kebun Kita in Jakarta: from gardens and workshops of the islands. */
export const indonesia: Sample = {
  settings: {
    ...settings,
    name: 'Kebun Kita',
    country: 'ID',
    currency: 'IDR',
    zone: 'Asia/Jakarta',
    language: 'id',
    languages: ['id', 'en'],
    hours: daily('08:00', '21:00'),
    greeting:
      'Halo, selamat datang di Kebun Kita! 🙏 Kami menjual buah, kopi, madu, dan kerajinan dari seluruh Nusantara. Tulis saja apa yang Anda cari, atau ketuk “Produk” di bawah.',
    awayMessage:
      'Toko sedang tutup. Kami buka setiap hari pukul 08.00–21.00 WIB. Tinggalkan pesan, kami balas begitu buka.',
    vatPercent: 11,
    vatId: '01.234.567.8-901.000',
    contact: {
      phone: '021 1234 5678',
      email: 'halo@kebunkita.example',
      address: 'Jl. Kemang Raya No. 8, Jakarta Selatan 12730',
      url: '',
    },
    policy:
      'Barang rusak atau tidak sesuai? Kirim foto dalam 7 hari, kami ganti atau kembalikan uang sepenuhnya. Buah segar dapat dilaporkan paling lambat 2 hari setelah diterima.',
    limits: limits(100_000_000, 250_000_000),
  },
  stores: stores([
    { name: 'Toko Kemang', address: 'Jl. Kemang Raya No. 8, Jakarta Selatan 12730' },
    { name: 'Gudang Bekasi', address: 'Jl. Ahmad Yani No. 19, Bekasi 17141' },
  ]),
  couriers: couriers([
    {
      name: 'JNE Reguler',
      rules: [
        { postcodes: [], from: 75_000_000, price: 0 },
        { postcodes: jakarta, from: 0, price: 1_000_000 },
        { postcodes: [], from: 0, price: 2_200_000 },
      ],
      days: 2,
      trackingUrl: 'https://www.jne.co.id/tracking-package?awb={tracking}',
    },
    {
      name: 'SiCepat',
      rules: [
        { postcodes: jakarta, from: 0, price: 1_200_000 },
        { postcodes: [], from: 0, price: 2_500_000 },
      ],
      days: 1,
      trackingUrl: 'https://www.sicepat.com/checkAwb/{tracking}',
    },
    {
      name: 'Kurir Kebun Kita (pilih jam)',
      rules: [{ postcodes: jakarta, from: 0, price: 2_800_000 }],
      days: 0,
      slots: true,
    },
  ]),
  points: points([
    {
      name: 'Toko Kemang',
      address: 'Jl. Kemang Raya No. 8, Jakarta Selatan 12730',
      hours: 'Setiap hari 08.00–20.00',
    },
    {
      name: 'Gerai Malioboro, Yogyakarta',
      address: 'Jl. Malioboro No. 52, Yogyakarta 55213',
      hours: 'Senin–Sabtu 10.00–19.00',
    },
  ]),
  replies: [
    { shortcut: 'hello', language: 'id', text: 'Halo Kak, dengan Kebun Kita. Ada yang bisa kami bantu?' },
    { shortcut: 'hello', language: 'en', text: 'Hello, this is Kebun Kita. What can we get for you today?' },
    {
      shortcut: 'ship',
      language: 'id',
      text: 'Pengiriman Jakarta 1–2 hari, luar kota 2–4 hari. Belanja mulai Rp750.000 gratis ongkir JNE, Kak.',
    },
    {
      shortcut: 'pay',
      language: 'id',
      text: 'Pembayaran bisa lewat QRIS, virtual account, atau gerai. Ketuk tombol di kartu pesanan ya, Kak.',
    },
    { shortcut: 'thanks', language: 'id', text: 'Terima kasih banyak, Kak! Ditunggu pesanan berikutnya. 🧡' },
  ],
  categories: ['Buah dan camilan', 'Teh, kopi, dan madu', 'Untuk rumah', 'Hadiah'],
  products: [
    {
      key: 'pomelo',
      category: 0,
      name: 'Jeruk Bali Madu, 1 buah',
      description:
        'Dari kebun di Magetan: manis, berair, dan mudah dikupas. Berat sekitar 1,2 kg. Tahan 2 minggu di kulkas.',
      price: 4_500_000,
      variants: plain('ID-POM-01', 18, 60),
    },
    {
      key: 'mango',
      category: 0,
      name: 'Mangga Harum Manis Kering',
      description: 'Mangga matang pohon yang dikeringkan perlahan tanpa tambahan gula. Kemasan 100 gram.',
      price: 3_800_000,
      variants: plain('ID-MAN-100', 0, 0),
    },
    {
      key: 'jam',
      category: 0,
      name: 'Selai Mangga Markisa',
      description:
        'Dimasak dalam panci kecil, 65% buah, tidak terlalu manis. Cocok untuk roti atau yoghurt. 200 gram.',
      price: 5_500_000,
      variants: plain('ID-JAM-200', 12, 36),
    },
    {
      key: 'rice',
      category: 0,
      name: 'Beras Pandan Wangi Cianjur 5 kg',
      description: 'Panen baru dari sawah Cianjur, pulen dan wangi. Kemasan kedap udara 5 kg.',
      price: 11_500_000,
      variants: plain('ID-RICE-5', 6, 40),
    },
    {
      key: 'honey',
      category: 1,
      name: 'Madu Hutan Sumbawa',
      description: 'Madu asli dari lebah hutan Sumbawa, tidak dipanaskan, warnanya keemasan.',
      price: 7_500_000,
      variants: [
        { sku: 'ID-HON-250', name: '250 ml', stock: [10, 30] },
        { sku: 'ID-HON-500', name: '500 ml', prices: { IDR: 13_900_000 }, stock: [6, 20] },
        { sku: 'ID-HON-1000', name: '1 liter', prices: { IDR: 26_000_000 }, stock: [2, 8] },
      ],
    },
    {
      key: 'tea',
      category: 1,
      name: 'Teh Hijau Melati Pekalongan',
      description: 'Daun teh pilihan dengan bunga melati segar. Harum, diseduh panas atau dingin. 100 gram.',
      price: 4_200_000,
      others: { USD: 300 },
      variants: plain('ID-TEA-100', 12, 30),
    },
    {
      key: 'coffee',
      category: 1,
      name: 'Kopi Gayo Tetes, 10 kantong',
      description: 'Arabika Aceh Gayo yang disangrai setiap minggu. Sobek, tuang air panas, siap diminum.',
      price: 8_900_000,
      variants: roasts('ID-COF', ['Sangrai ringan', 'Sangrai sedang', 'Sangrai gelap']),
    },
    {
      key: 'cloth',
      category: 2,
      name: 'Kain Tenun Lurik Klaten',
      description:
        'Katun tenun tangan yang makin lembut setiap dicuci. 80 × 180 cm, untuk selendang atau taplak.',
      price: 18_500_000,
      variants: colours('ID-CLO', ['Merah', 'Biru', 'Hijau']),
    },
    {
      key: 'cup',
      category: 2,
      name: 'Cangkir Keramik Plered',
      description: 'Glasir abu kayu berwarna hijau muda, retak halusnya berbeda di setiap cangkir. 180 ml.',
      price: 12_900_000,
      variants: plain('ID-CUP-180', 5, 12),
    },
    {
      key: 'soap',
      category: 2,
      name: 'Sabun Sereh Kunyit',
      description: 'Sabun minyak kelapa dengan sereh dan kunyit, lembut di kulit. 90 gram.',
      price: 2_200_000,
      variants: plain('ID-SOAP-90', 40, 120),
    },
    {
      key: 'basket',
      category: 3,
      name: 'Keranjang Hadiah Nusantara',
      description:
        'Madu, selai, kopi, teh, dan sepasang cangkir dalam keranjang rotan berpita. Kartu ucapan gratis.',
      price: 68_000_000,
      variants: plain('ID-GIFT-01', 2, 5),
    },
    {
      key: 'hat',
      category: 3,
      name: 'Topi Anyaman Pandan',
      description: 'Model baru untuk musim kemarau. Belum dijual.',
      price: 9_500_000,
      variants: plain('ID-HAT-01', 0, 20),
      hidden: true,
    },
  ],
}
