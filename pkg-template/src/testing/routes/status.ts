/** `GET /`, `/health/alive` and `/health/ready`. Only the first looks at the database. */
import { json } from "../answer.js";
import type { Answer } from "../answer.js";
import type { Ask } from "../world.js";

const GUIDES = '<a href="https://docs.hanko.io" target="_blank">docs.hanko.io</a>';

export function status({ database }: Ask): Answer {
  const well = database === "well";
  const state = well
    ? `\u2705 API is running.</p>\n<p>Check integration guides on ${GUIDES}`
    : "\u274c API is not functioning properly due to database connectivity problems.";
  const title = "<title>API Integration Status</title>";
  const page = `<!DOCTYPE html>\n<html>\n<head>\n  ${title}\n</head>\n<body>\n<h1>API Status</h1>\n\n<p>${state}</p>\n\n</body>\n</html>\n`;
  return { status: well ? 200 : 500, headers: { "content-type": "text/html; charset=UTF-8" }, body: `\n${page}` };
}

export function alive(): Answer {
  return json('{"alive":true}');
}

export function ready(): Answer {
  return json('{"ready":true}');
}
