import { Password } from '@coreshift/shared/contract'

/**
 * Well-known passwords of ten characters and more, in lower case, and the words that well-known ones are made of.
 * Shorter ones are refused by their length.
 */
const COMMON = new Set(
  `1234567890 12345678910 123456789a 0123456789 9876543210 0987654321 1111111111 0000000000 1212121212 1q2w3e4r5t
  1q2w3e4r5t6y 1qaz2wsx3edc qwertyuiop qwerty1234 qwerty12345 qwerty123456 qwertyuiop123 asdfghjkl1 asdfghjkl123
  zxcvbnm123 password12 password123 password1234 password12345 passw0rd123 p@ssw0rd123 p@ssword123 password01
  password11 passwordpassword mypassword mypassword1 newpassword newpassword1 changeme123 changemenow changeme1234
  letmein123 letmein1234 welcome123 welcome1234 welcome2024 welcome2025 welcome2026 iloveyou123 iloveyou12
  administrator administrator1 adminadmin adminadmin1 admin12345 admin123456 admin1234567 rootrootroot root123456
  superuser123 secret1234 secret12345 testtest123 test123456 testpassword default123 coreshift1 coreshift12
  coreshift123 coreshift1234 libvirt123 virtualmachine sunshine123 princess123 football123 baseball123 monkey12345
  dragon12345 superman123 batman12345 master12345 trustno1234 whatever123 computer123 internet123 michael123
  charlie123 abcdefghij abcdefghijk abcd123456 abc1234567 abc123abc123 aaaaaaaaaa 11223344556 123123123123 1234512345
  123qwe123qwe qweasdzxc123 q1w2e3r4t5 q1w2e3r4t5y6 zaq12wsxcde3 starwars123 summer2024! summer2025! winter2025!
  spring2026! correcthorsebatterystaple`
    .split(/\s+/)
    .filter((word) => word !== ''),
)

/**
 * Why a password is refused.
 * @param name the account's name
 * @returns a sentence, or `undefined` when it is fine. Length and being unknown is what counts; no rule asks for
 *   special characters (NIST SP 800-63B, 5.1.1.2).
 */
export function passwordProblem(password: string, name: string): string | undefined {
  const length = Password.safeParse(password)
  if (!length.success) {
    return `The password is not accepted: ${length.error.issues[0]?.message ?? 'its length is wrong'}.`
  }
  const plain = password.normalize('NFKC').toLowerCase()
  if (COMMON.has(plain) || COMMON.has(plain.replace(/[!.?]+$/, ''))) {
    return 'This is one of the best-known passwords. Choose another, for example four words that do not belong together.'
  }
  if (new Set(plain).size < 4) return 'The password repeats too few different characters. Choose another.'
  const plainName = name.toLowerCase()
  const rest = plain.replaceAll(plainName, '')
  if (plain === plainName || (plainName.length >= 3 && rest.length < plain.length && rest.length < 6)) {
    return 'The password is little more than the account name. Choose another.'
  }
  return undefined
}
