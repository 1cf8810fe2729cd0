using System.Buffers;
using System.Text;

namespace Hermes.Core.Configuration;

/// <summary>Removes from the addresses in a text what opens them: user info, secret parameters, paths that are a capability.</summary>
internal static class SecretUrls
{
    private const string Mark = SecretRedactor.Mark;
    private const string SchemeEnd = "://";

    private static readonly SearchValues<char> Delimiters = SearchValues.Create(" \t\r\n\u00A0\u0085\u2028\u2029\"'`<>");
    private static readonly SearchValues<char> AuthorityEnds = SearchValues.Create("/?#\\");

    // "mailto:me@host.example" and "npm:package@1.2.x" are no user and password.
    private static readonly string[] HarmlessUsers =
        ["mailto", "acct", "xmpp", "sip", "sips", "npm", "jsr", "pkg", "workspace", "urn", "matrix"];

    /// <summary>The text with the secrets of its addresses removed.</summary>
    public static string Redact(string text)
    {
        if (!text.Contains('@') && !text.Contains(SchemeEnd, StringComparison.Ordinal) && !text.AsSpan().ContainsAny('?', '&', '#'))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length;)
        {
            var length = text.AsSpan(index).IndexOfAny(Delimiters);
            var word = text.AsSpan(index, length < 0 ? text.Length - index : length);
            AppendWord(result, word);
            index += word.Length;
            if (index < text.Length)
            {
                result.Append(text[index++]);
            }
        }

        return result.ToString();
    }

    /// <summary>What of an address with a capability may be shown: scheme and host.</summary>
    public static string WithoutCapability(string url)
    {
        var redacted = Redact(url.Trim());
        var authority = redacted.IndexOf(SchemeEnd, StringComparison.Ordinal);
        if (authority < 0)
        {
            return Mark;
        }

        authority += SchemeEnd.Length;
        var end = redacted.AsSpan(authority).IndexOfAny(AuthorityEnds);
        return end < 0 || end + authority + 1 == redacted.Length ? redacted : $"{redacted.AsSpan(0, authority + end)}/{Mark}";
    }

    private static void AppendWord(StringBuilder result, ReadOnlySpan<char> word)
    {
        var scheme = word.IndexOf(SchemeEnd);
        if (scheme < 0)
        {
            AppendSchemeless(result, word);
            return;
        }

        // Several addresses in one word ("a://x,b://y") are cut where the next scheme ends.
        while (scheme >= 0)
        {
            var authority = scheme + SchemeEnd.Length;
            result.Append(word[..authority]);
            word = word[authority..];
            scheme = word.IndexOf(SchemeEnd);
            var address = scheme < 0 ? word : word[..scheme];
            AppendAddress(result, address);
            word = word[address.Length..];
            scheme = scheme < 0 ? -1 : 0;
        }
    }

    private static void AppendAddress(StringBuilder result, ReadOnlySpan<char> address)
    {
        var userInfo = UserInfoLength(address);
        if (userInfo > 0 && address[..userInfo] is "git@")
        {
            result.Append("git@");
        }

        address = address[userInfo..];
        var end = address.IndexOfAny(AuthorityEnds);
        var host = end < 0 ? address : address[..end];
        result.Append(host);
        if (end < 0)
        {
            return;
        }

        var rest = address[end..];
        var query = rest.IndexOfAny('?', '#');
        var path = query < 0 ? rest : rest[..query];
        AppendPath(result, host, path);
        AppendParameters(result, rest[path.Length..]);
    }

    // Up to and with the @. A password may have / ? # @ in it, unencoded, though it should not.
    private static int UserInfoLength(ReadOnlySpan<char> address)
    {
        var end = address.IndexOfAny(AuthorityEnds);
        var authority = end < 0 ? address : address[..end];
        var inAuthority = authority.LastIndexOf('@');
        var last = address.LastIndexOf('@');
        if (last == inAuthority)
        {
            return last + 1;
        }

        // Another @ stands further on. It belongs to a path ("host/@scope") where what comes before is a host for sure.
        var host = authority[(inAuthority + 1)..];
        var isHost = IsHostAndPort(host) && (IsFullHost(host) || !LooksLikeHost(address[(last + 1)..]));
        return isHost ? inAuthority + 1 : last + 1;
    }

    private static bool IsFullHost(ReadOnlySpan<char> host) =>
        host.Contains('.') || host.StartsWith('[') || host.StartsWith("localhost", StringComparison.OrdinalIgnoreCase);

    private static bool IsHostAndPort(ReadOnlySpan<char> authority)
    {
        var colon = authority.StartsWith('[') ? authority.LastIndexOf("]:") + 1 : authority.IndexOf(':');
        if (colon <= 0)
        {
            return colon < 0 || authority.StartsWith('[');
        }

        var port = authority[(colon + 1)..];
        return !port.IsEmpty && (port.IndexOfAnyExceptInRange('0', '9') < 0 || (port.StartsWith("${") && port.EndsWith('}')));
    }

    private static bool LooksLikeHost(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(AuthorityEnds);
        var host = end < 0 ? text : text[..end];
        var colon = host.LastIndexOf(':');
        var hasPort = colon > 0 && colon + 1 < host.Length && host[(colon + 1)..].IndexOfAnyExceptInRange('0', '9') < 0;
        var name = hasPort ? host[..colon] : host;
        if (name.StartsWith('[') || name.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        foreach (var character in name)
        {
            if (!char.IsLetterOrDigit(character) && character is not ('.' or '-' or '_' or ',' or ':'))
            {
                return false;
            }
        }

        var dot = name.LastIndexOf('.');
        return !name.IsEmpty && (hasPort || (dot > 0 && dot + 1 < name.Length && (char.IsLetter(name[dot + 1]) || name.Count('.') == 3)));
    }

    private static void AppendPath(StringBuilder result, ReadOnlySpan<char> host, ReadOnlySpan<char> path)
    {
        var isCapability = path.Length > 1
            && (host.StartsWith("hooks.", StringComparison.OrdinalIgnoreCase) || host.Contains("webhook", StringComparison.OrdinalIgnoreCase)
                || path.Contains("/webhooks/", StringComparison.OrdinalIgnoreCase) || path.Contains("/hooks/", StringComparison.OrdinalIgnoreCase)
                || (path.StartsWith("/bot", StringComparison.Ordinal) && host.Contains("telegram", StringComparison.OrdinalIgnoreCase)));
        if (isCapability)
        {
            result.Append('/').Append(Mark);
            return;
        }

        var isRevision = false;
        while (!path.IsEmpty)
        {
            var end = path[1..].IndexOf('/');
            var segment = end < 0 ? path : path[..(end + 1)];
            var isAfterRevision = isRevision;
            isRevision = segment is "/commit" or "/commits" or "/tree" or "/blob" or "/raw";
            if (!isAfterRevision && OpaqueWords.IsOpaque(segment[1..]))
            {
                result.Append('/').Append(Mark);
            }
            else
            {
                result.Append(segment);
            }

            path = path[segment.Length..];
        }
    }

    private static void AppendParameters(StringBuilder result, ReadOnlySpan<char> parameters)
    {
        while (!parameters.IsEmpty)
        {
            result.Append(parameters[0]);
            parameters = parameters[1..];
            var end = parameters.IndexOfAny("&#;?");
            var parameter = end < 0 ? parameters : parameters[..end];
            var equals = parameter.IndexOf('=');
            if (equals > 0 && equals + 1 < parameter.Length && IsSecretParameter(parameter[..equals], parameter[(equals + 1)..]))
            {
                result.Append(parameter[..(equals + 1)]).Append(Mark);
            }
            else
            {
                result.Append(parameter);
            }

            parameters = parameters[parameter.Length..];
        }
    }

    private static bool IsSecretParameter(ReadOnlySpan<char> name, ReadOnlySpan<char> value) =>
        !SecretText.IsVariableReference(value) && (SecretNames.IsSecretParameter(Uri.UnescapeDataString(name.ToString())) || OpaqueWords.IsOpaque(value));

    private static void AppendSchemeless(StringBuilder result, ReadOnlySpan<char> word)
    {
        var at = word.LastIndexOf('@');
        var colon = at < 0 ? -1 : word[..at].IndexOf(':');
        if (colon < 0 || !LooksLikeHost(word[(at + 1)..].TrimEnd(".,;:!?)]}")) || IsHarmlessUser(word[..colon]))
        {
            var query = word.IndexOfAny('?', '#');
            var path = query < 0 ? word : word[..query];
            result.Append(path);
            AppendParameters(result, word[path.Length..]);
            return;
        }

        // What stands before a user's name in the same word: "url=user:password@host".
        var start = word[..colon].LastIndexOfAny("=(,[{") + 1;
        result.Append(word[..start]);
        AppendAddress(result, word[start..]);
    }

    private static bool IsHarmlessUser(ReadOnlySpan<char> user)
    {
        foreach (var harmless in HarmlessUsers)
        {
            if (user.Equals(harmless, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
