/** The bundler answers an import of a drawing with its address. */
declare module '*.svg' {
  const address: string;
  export default address;
}
