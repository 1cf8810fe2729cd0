using System.Text.RegularExpressions;

namespace Hermes.Core.Configuration;

/// <summary>An address as it may be shown: scheme, host, port and path, without user info, query and fragment.</summary>
internal static partial class ShownUrl
{
    private const int MaxLength = 1000;

    /// <summary>What of an address may be shown; null where it is none, or where a part that looks like one may be a password.</summary>
    public static string? Of(string url)
    {
        url = url.Trim();
        if (SecretText.IsVariable(url)) return url;

        return url.Length <= MaxLength && Address.Match(url) is { Success: true } match
            ? $"{match.Groups["scheme"].Value}{match.Groups["host"].Value}{Path(match.Groups["path"].Value)}"
            : null;
    }

    /// <summary>Scheme, host and port in the one form in which origins are compared; null where there is no http or https address.</summary>
    public static string? OriginOf(string? url) =>
        Uri.TryCreate(url?.Trim(), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0
            ? uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)
            : null;

    private static string Path(string path)
    {
        var segments = path.Split('/');
        for (var index = 0; index < segments.Length; index++)
        {
            var plain = Uri.UnescapeDataString(segments[index]);
            var isGiven = index > 0 && plain.Length > 0 && SecretNames.IsSecret(segments[index - 1]);
            if (isGiven || plain.Contains('=') || plain.Any(char.IsWhiteSpace) || SecretText.IsToken(plain) || SecretText.IsToken(segments[index]))
                segments[index] = SecretText.Mark;
        }

        return string.Join('/', segments);
    }

    // A password may have / ? # @ in it, unencoded, though it should not: with an @ behind the host it is not clear where that begins.
    [GeneratedRegex("""
        ^(?<scheme>[A-Za-z][A-Za-z0-9+.-]{0,20}://)
         (?:[^/?\#\\]*@)?
         (?<host>(?:\[[0-9A-Fa-f:.]+\]|(?:[\p{L}\p{N}._-]|\$\{[A-Z_][A-Z0-9_]*\})+)(?::(?:[0-9]{1,5}|\$\{[A-Z_][A-Z0-9_]*\}))?)
         (?!.*(?:@|%40))(?<path>(?:/[^?\#\\\s]*)?)(?:[?\#].*)?\z
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Address { get; }
}
