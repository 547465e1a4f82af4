/** The environment of a process that settles payments of the Omise at this address, in this database. */
export const settlerEnvironment = (uri: string, platforms: string): Record<string, string> => ({
  MONGODB_URI: uri,
  PORT: '0',
  SANDBOX: '0',
  RATE_LIMITS: 'off',
  SESSION_SECRET: 'only for a bench, and long enough for that',
  ENCRYPTION_KEY: '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff',
  OMISE_PUBLIC_KEY: 'pkey_test_bench',
  OMISE_SECRET_KEY: 'skey_test_bench',
  OMISE_API_URL: platforms,
  OMISE_VAULT_URL: platforms,
})
