/** Lines on a ground of 24 by 24. */
export const icons = {
  alert: 'M12 8v5m0 3.2v.1M12 3 2.5 19.5h19L12 3Z',
  back: 'M15 5l-7 7 7 7',
  bag: 'M5 8h14l1 12H4L5 8Zm4 0V6a3 3 0 0 1 6 0v2',
  box: 'M12 3l8 4.5v9L12 21l-8-4.5v-9L12 3Zm0 9 8-4.5M12 12v9m0-9L4 7.5',
  card: 'M3 6.5h18v11H3v-11ZM3 10.5h18M6.5 14.5h4',
  chat: 'M4 5h16v11H9l-5 4V5Z',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-13.5V12l3 2',
  copy: 'M9 9h10v11H9V9Zm-4 6V4h10',
  cross: 'M6 6l12 12M18 6 6 18',
  down: 'M6 9l6 6 6-6',
  download: 'M12 4v11m-4.5-4L12 15.5 16.5 11M5 20h14',
  external: 'M14 4h6v6m0-6-9 9M18 14v5H5V6h5',
  home: 'M4 11l8-7 8 7v9h-5v-6H9v6H4v-9Z',
  lock: 'M6 11h12v9H6v-9Zm2.5 0V8a3.5 3.5 0 0 1 7 0v3',
  minus: 'M5 12h14',
  pin: 'M12 21s7-6.2 7-11.5a7 7 0 0 0-14 0C5 14.8 12 21 12 21Zm0-9a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z',
  plus: 'M12 5v14M5 12h14',
  qr: 'M4 4h6v6H4V4Zm10 0h6v6h-6V4ZM4 14h6v6H4v-6Zm10 0h2v2h-2v-2Zm4 0h2m-2 4v2h2m-6 0h2',
  refresh: 'M20 11a8 8 0 1 0-2 6.3M20 5v6h-6',
  refund: 'M9 6 4 11l5 5M4 11h11a5 5 0 0 1 0 9h-3',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm9 2-4-4',
  shop: 'M4 9l1.5-5h13L20 9M4 9v1.5a2.7 2.7 0 0 0 5.3 0 2.7 2.7 0 0 0 5.4 0 2.7 2.7 0 0 0 5.3 0V9H4Zm1.5 4v7h13v-7',
  trash: 'M5 7h14M10 7V4.5h4V7m3 0-.7 12.5H7.7L7 7m3.5 4v5m3-5v5',
  truck:
    'M3 6h11v10H3V6Zm11 4h4l3 3.5V16h-7v-6ZM7 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4Zm10 0a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
  undo: 'M12 21a9 9 0 1 0-9-9m0-5v5h5',
} as const

export type IconName = keyof typeof icons
