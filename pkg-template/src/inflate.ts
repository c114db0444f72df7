export { inflateSync } from "fflate";
