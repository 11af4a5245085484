// Prints a line for every object in the named YAML files: "ok", or where it is not as the schema of its kind says.
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

for (const file of process.argv.slice(2)) {
  for (const object of parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS())) {
    const { [object.kind]: Model } = await import(`kubernetes-models/${object.apiVersion}/${object.kind}`);
    let finding = 'ok';
    try {
      new Model(object).validate();
    } catch (error) {
      finding = error.message;
    }
    console.log(`${file}: ${object.kind} ${object.metadata.name}: ${finding}`);
  }
}
