export * from './codes.ts';
export * from './commit.ts';
export * from './frames.ts';
export * from './hue.ts';
export * from './limits.ts';
export * from './rights.ts';
export { cidOf, parseClientFrame, parseServerFrame, type Parsed } from './parse.ts';
export * from './text.ts';
export * from './themes.ts';
