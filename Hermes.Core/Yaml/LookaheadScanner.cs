using YamlDotNet.Core;
using YamlDotNet.Core.Tokens;

namespace Hermes.Core.Yaml;

/// <summary>A scanner whose next token stays the next one however often it is asked for, until it is consumed.</summary>
/// <remarks>
/// Behind an anchored scalar the parser looks ahead twice. The scanner by itself would go on to a second token then, and lose the comma in
/// <c>{a: &amp;k v, b: 2}</c>.
/// </remarks>
internal sealed class LookaheadScanner(Scanner inner) : IScanner
{
    public Mark CurrentPosition => inner.CurrentPosition;

    public Token? Current => inner.Current;

    public bool MoveNext() => inner.MoveNext();

    // Behind the end the parser asks whether there is really nothing more.
    public bool MoveNextWithoutConsuming() => inner.Current is not (null or StreamEnd) || inner.MoveNextWithoutConsuming();

    public void ConsumeCurrent() => inner.ConsumeCurrent();
}
