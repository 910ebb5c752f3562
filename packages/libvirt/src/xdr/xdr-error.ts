/**
 * A value that cannot be written as XDR, or bytes that are not the XDR they should be.
 * `path` names the field, outermost first (`domain.name`); `reason` says what was wrong and what would be right.
 */
export class XdrError extends Error {
  override readonly name = 'XdrError'
  readonly reason: string
  readonly path: string

  constructor(reason: string, path = '') {
    super(path === '' ? reason : `${path}: ${reason}`)
    this.reason = reason
    this.path = path
  }

  /** The same error seen from one level further out. */
  inside(field: string): XdrError {
    const path =
      this.path === '' ? field : this.path.startsWith('[') ? `${field}${this.path}` : `${field}.${this.path}`
    return new XdrError(this.reason, path)
  }
}
