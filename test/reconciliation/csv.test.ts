import assert from 'node:assert/strict'
import { csvLine } from '../../server/reconciliation/csv.ts'

describe('a line for spreadsheets', () => {
  it('runs no formula that somebody has written into a name', () => {
    for (const name of ['=1+1', '+1', '-a', '@SUM(A1)', '\t=1', '\r=1', '\n=1', ' =1', '＝1', '＠x']) {
      assert.match(csvLine([name]), /^"?'/, JSON.stringify(name))
    }
    assert.equal(
      csvLine(['=HYPERLINK("http://x","y")', 'a,b']),
      `"'=HYPERLINK(""http://x"",""y"")","a,b"\r\n`,
    )
  })

  it('leaves amounts and plain words as they are', () => {
    assert.equal(csvLine(['-12.50', 'ส้มโอ', 'a-b', null, 3]), '-12.50,ส้มโอ,a-b,,3\r\n')
  })
})
