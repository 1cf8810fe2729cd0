using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hermes.Core.Text;

namespace Hermes.Core.Http.Json;

/// <summary>JSON that is rendered once and served many times. Immutable and safe for use from any thread.</summary>
/// <param name="body">The text as UTF-8.</param>
internal sealed class RenderedJson(ReadOnlyMemory<byte> body)
{
    private const int TagBytes = 16;

    private static readonly ConditionalWeakTable<object, ConcurrentDictionary<string, Lazy<RenderedJson>>> Known = new();

    /// <summary>The text as UTF-8.</summary>
    public ReadOnlyMemory<byte> Body => body;

    /// <summary>The entity tag: another for every other body, and the same for the same one, also after a restart.</summary>
    public string Tag { get; } = Convert.ToHexStringLower(SHA256.HashData(body.Span).AsSpan(0, TagBytes));

    /// <summary>Renders what <paramref name="write"/> writes.</summary>
    public static RenderedJson Render(Action<Utf8JsonWriter> write) => new(Utf8Json.Write(write));

    /// <summary>Renders a record of the wire.</summary>
    public static RenderedJson From<T>(T value, JsonTypeInfo<T> shape) => new(JsonSerializer.SerializeToUtf8Bytes(value, shape));

    /// <summary>What was rendered of an object, for as long as that lives: a file's content, which is another object after a change.</summary>
    /// <param name="source">The object; immutable.</param>
    /// <param name="variant">Which of its renderings.</param>
    /// <param name="render">Called once for each.</param>
    public static RenderedJson Of(object source, string variant, Func<ReadOnlyMemory<byte>> render) =>
        Known.GetOrCreateValue(source).GetOrAdd(variant, _ => new(() => new(render()))).Value;
}
