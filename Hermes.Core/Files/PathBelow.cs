using System.Text;

namespace Hermes.Core.Files;

/// <summary>A path below an <see cref="OpenFolder"/>. Immutable.</summary>
/// <param name="full">The absolute path.</param>
/// <param name="relative">The path below the folder, with <c>/</c>; empty for the folder itself.</param>
internal sealed class PathBelow(string full, string relative)
{
    private readonly byte[] _utf8 = Encoding.UTF8.GetBytes((relative.Length == 0 ? "." : relative.TrimEnd('/')) + '\0');

    /// <summary>The absolute path.</summary>
    public string Full => full;

    /// <summary>The path below the folder, as UTF-8 with a zero at the end.</summary>
    public ReadOnlySpan<byte> Utf8 => _utf8;
}
