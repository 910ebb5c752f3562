/** Exit code of the command line when no real host can be had here. */
export const CANNOT_RUN_EXIT_CODE = 3

/** The machine lacks something the real host needs; the message is one sentence that names the way out. */
export class CannotRunError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(
      `No real host here: ${reason}; set CORESHIFT_REAL_URI to run the same tests against another libvirt.`,
      options,
    )
    this.name = 'CannotRunError'
  }
}
