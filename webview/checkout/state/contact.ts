/** Who buys, as it is typed. */
export interface ContactInput {
  name: string
  email: string
}

/** What is missing or wrong, as keys of words. The server has the last say about an address for mail. */
export const contactProblems = ({
  name,
  email,
}: ContactInput): Partial<Record<keyof ContactInput, string>> => ({
  ...(!name.trim() && { name: 'checkout.contact.needName' }),
  ...(!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim()) && { email: 'checkout.address.wrongEmail' }),
})

/** The contact as it is sent. */
export const contactData = ({ name, email }: ContactInput): ContactInput => ({
  name: name.trim(),
  email: email.trim(),
})
