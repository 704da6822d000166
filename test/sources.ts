// Reads the project's own source as facts (imports, calls to the world, tables written) for the test of its rules.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** One import or re-export. */
export interface Import {
  /** a path from the root for a file of ours, such as `src/lib/ids.ts`, else the package's name as written */
  target: string
  isOurs: boolean
  /** imported as values, by their own names; `*` for a namespace; empty where only types are imported */
  values: string[]
  /** imported as types only */
  types: string[]
}

export interface SourceFile {
  /** from the root, with slashes */
  path: string
  isTest: boolean
  imports: Import[]
  /** where it reads clock, chance, environment or process by itself, such as `Date.now() in line 3` */
  worldly: string[]
  /** tables named after insert into, update, delete from, truncate or copy in its strings */
  tablesWritten: string[]
  /** words of its strings and names, in small letters, without the specifiers of imports and the comments */
  words: Set<string>
}

export const root: string = dirname(dirname(fileURLToPath(import.meta.url)))

/** Every TypeScript file under the folders, read once. */
export function readSources(folders: string[]): SourceFile[] {
  return folders.flatMap(filesUnder).map(readSource)
}

/** Names of the tables that the migrations of PostgreSQL make. */
export function readTables(): string[] {
  const folder = join(root, 'db', 'postgres')
  return readdirSync(folder)
    .filter((name) => /^\d{4}_/.test(name))
    .flatMap((name) => [
      ...readFileSync(join(folder, name), 'utf8').matchAll(/create table (?:if not exists )?(\w+)/g),
    ])
    .map((match) => match[1] ?? '')
}

function filesUnder(folder: string): string[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name)
    if (entry.isDirectory()) return filesUnder(path)
    return /\.tsx?$/.test(entry.name) ? [path] : []
  })
}

function readSource(path: string): SourceFile {
  const parsed = ts.createSourceFile(
    path,
    readFileSync(join(root, path), 'utf8'),
    ts.ScriptTarget.ESNext,
    true,
  )
  const file: SourceFile = {
    path,
    isTest: /\.(test|e2e)\.tsx?$/.test(path),
    imports: [],
    worldly: [],
    tablesWritten: [],
    words: new Set(),
  }
  visit(parsed)
  return file

  function visit(node: ts.Node): void {
    const imported = readImport(path, node)
    if (imported) {
      file.imports.push(imported)
      if (!ts.isCallExpression(node)) return
    }
    const worldly = readWorldly(node)
    if (worldly) {
      file.worldly.push(
        `${worldly} in line ${parsed.getLineAndCharacterOfPosition(node.getStart()).line + 1}`,
      )
    }
    if (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node)) {
      for (const [, table] of node.text.matchAll(WRITE)) if (table) file.tablesWritten.push(table)
    }
    if (
      ts.isStringLiteralLike(node) ||
      ts.isTemplateLiteralToken(node) ||
      ts.isIdentifier(node) ||
      ts.isJsxText(node)
    ) {
      for (const word of wordsOf(node.text)) file.words.add(word)
    }
    ts.forEachChild(node, visit)
  }
}

const WRITE = /\b(?:insert into|update|delete from|truncate(?: table)?|copy)\s+([a-z_]+)\b(?!\s*\()/gi

function readImport(path: string, node: ts.Node): Import | undefined {
  const bindings = { values: [] as string[], types: [] as string[] }
  let specifier: ts.Expression | undefined
  if (ts.isImportDeclaration(node)) {
    specifier = node.moduleSpecifier
    const clause = node.importClause
    const named = clause?.namedBindings
    const isType = clause?.phaseModifier === ts.SyntaxKind.TypeKeyword
    const list = isType ? bindings.types : bindings.values
    if (clause?.name || !clause) list.push('default')
    if (named && ts.isNamespaceImport(named)) list.push('*')
    for (const one of named && ts.isNamedImports(named) ? named.elements : []) {
      ;(one.isTypeOnly ? bindings.types : list).push((one.propertyName ?? one.name).text)
    }
  } else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    specifier = node.moduleSpecifier
    const list = node.isTypeOnly ? bindings.types : bindings.values
    if (!node.exportClause || ts.isNamespaceExport(node.exportClause)) list.push('*')
    else {
      for (const one of node.exportClause.elements) {
        ;(one.isTypeOnly ? bindings.types : list).push((one.propertyName ?? one.name).text)
      }
    }
  } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    specifier = node.arguments[0]
    bindings.values.push('*')
  }
  if (!specifier || !ts.isStringLiteralLike(specifier)) return undefined
  const isOurs = specifier.text.startsWith('.')
  const target = isOurs ? posix.join(posix.dirname(path), specifier.text) : specifier.text
  return { target, isOurs, ...bindings }
}

// Date.now(), new Date() and Date() without arguments, Math.random(), performance.now(), process.anything, crypto's randomness, timers.
function readWorldly(node: ts.Node): string | undefined {
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length)
    return 'new Date()'
  if (ts.isPropertyAccessExpression(node)) {
    const text = node.getText()
    if (['Date.now', 'Math.random', 'performance.now'].includes(text)) return `${text}()`
    if (/^process\.\w+$/.test(text)) return text
  }
  if (ts.isCallExpression(node)) {
    const name = node.expression.getText().replace(/^(node:)?crypto\./, '')
    if (name === 'Date') return 'Date()'
    if (
      /^(random(Bytes|UUID|Int|FillSync)|getRandomValues|uuidv7|setTimeout|setInterval|setImmediate|fetch)$/.test(
        name,
      )
    )
      return `${name}()`
  }
  return undefined
}

function wordsOf(text: string): string[] {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 1)
}
