// The module by itself, as bundlers for Workers give it.
import core from "hanko-edge/core.wasm";
import { init } from "hanko-edge/slim";

export const started: Promise<void> = init(core);
