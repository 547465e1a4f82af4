/*
 * What is being given back, as the database adds it up: guards stand in the update that stores a refund, so that of
 * many at the same moment no more pass than one after the other.
 */

/** A refund that was made, or may have been. */
export const isLivingRefund = {
  $and: [{ $eq: ['$$this.kind', 'refund'] }, { $ne: ['$$this.state', 'FAILED'] }],
}

/** The amounts of the operations for which all the conditions hold. */
export const sumOf = (conditions: object[]) => ({
  $sum: {
    $map: {
      input: { $filter: { input: '$operations', cond: { $and: conditions } } },
      in: '$$this.amount',
    },
  },
})
