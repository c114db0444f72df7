import type { Module } from "./core.js";

declare const module: Module;
export default module;
