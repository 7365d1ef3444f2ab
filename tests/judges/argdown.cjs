// Prints what Argdown's own tool makes of each text in a JSON list on standard input: its JSON export, or why it refuses.
const { argdown } = require("@argdown/core/dist/argdown.js");
const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
const answers = texts.map(input => {
  try {
    const response = argdown.run({
      input,
      process: ["parse-input", "build-model", "export-json"],
      logLevel: "error",
      throwExceptions: true,
      json: { removeEmbeddedRelations: true },
    });
    const errors = (response.parserErrors || []).map(error => error.message);
    return errors.length ? { refused: errors.join("; ") } : { json: response.json };
  } catch (error) {
    return { refused: String(error) };
  }
});
console.log(JSON.stringify(answers));
