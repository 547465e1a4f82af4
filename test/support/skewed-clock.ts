// Read with --import: a machine whose clock is wrong by SKEW_MS, as far as a program can see.
const skew = Number(process.env['SKEW_MS'] ?? 0)
const now = Date.now.bind(Date)

// A proxy and no subclass: libraries look at the name of the type.
globalThis.Date = new Proxy(Date, {
  construct: (target, given, asked) =>
    Reflect.construct(target, given.length ? given : [now() + skew], asked),
  get: (target, name) => (name === 'now' ? () => now() + skew : Reflect.get(target, name)),
})
