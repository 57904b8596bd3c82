/** Why a command did nothing, for a person and, by its code, for a program. */
export class OpsError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'OpsError';
    this.code = code;
  }
}
