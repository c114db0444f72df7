/** The last suite: looks back at all others. */
export function unhandled(QUnit, { rejections }) {
  QUnit.module("afterwards");

  QUnit.test("no promise was left rejected and unhandled", async (assert) => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(rejections, []);
  });
}
