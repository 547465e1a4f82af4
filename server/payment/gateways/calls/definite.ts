/** True for a no that stands. 408, 409 and 429 say "not now": whether an earlier try went through, they do not say. */
export const isDefinite = (status: number): boolean =>
  status >= 400 && status < 500 && ![408, 409, 429].includes(status)
