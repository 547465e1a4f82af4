/** What the platform says beside a failure code. */
export const failureMessages: Record<string, string> = {
  confirmed_amount_mismatch: 'final amount received does not match the charge amount',
  failed_fraud_check: 'card was marked as fraudulent',
  failed_processing: 'the payment processing failed',
  insufficient_balance: 'insufficient balance in the account',
  insufficient_fund: 'insufficient funds in the account or the card has reached the credit limit',
  invalid_account: 'valid account for payment method was not found',
  invalid_account_number: 'the valid account number was not found',
  invalid_security_code: 'the security code is invalid',
  payment_cancelled: 'payment cancelled by payer',
  payment_rejected: 'the payment was rejected by the issuer',
  stolen_or_lost_card: 'card is stolen or lost',
  timeout: 'payer did not take action before charge expiration',
}
