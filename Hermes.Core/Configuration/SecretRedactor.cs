using System.Text;
using Hermes.Core.Yaml;

namespace Hermes.Core.Configuration;

/// <summary>Removes secrets from a loaded configuration, at any depth: by what a key is called, by where a value stands, by what it looks like.</summary>
/// <remarks>
/// <para>What goes for its key goes with the key; in its mapping <c>has_api_key: true</c> may stand. Names of variables (<c>api_key_env</c>),
/// references (<c>${NAME}</c>), switches, counters (<c>max_tokens</c>) and empty values stay.</para>
/// <para>Under headers and environments the names stay and every value becomes <see cref="Mark"/>, so that a user sees what is set.</para>
/// <para>Inside texts the secret alone becomes <see cref="Mark"/>; user info of addresses goes without a mark, so that they stay addresses.</para>
/// <para>A pure function in time linear in what is given; safe from any thread.</para>
/// </remarks>
internal static class SecretRedactor
{
    /// <summary>What stands where a secret was. Never accept it as a value: it would overwrite the secret that it hides.</summary>
    public const string Mark = "[redacted]";

    private const string ApiKeyFlag = "has_api_key";

    // What of a mapping that says how to sign in is no secret.
    private static readonly HashSet<string> AuthenticationFacts = new(StringComparer.OrdinalIgnoreCase)
    {
        "type", "method", "mode", "provider", "scheme", "flow", "enabled", "url", "token_url", "auth_url", "authorization_url", "endpoint",
        "token_endpoint", "issuer", "audience", "scope", "scopes", "tenant", "tenant_id", "client_id", "realm", "region", "profile", "user",
        "username", "redirect_uri", "grant_type", "header", "timeout",
    };

    /// <summary>A copy of a value without its secrets.</summary>
    /// <param name="value">A value as <see cref="YamlLoader"/> gives it; it is not changed.</param>
    /// <param name="kind">What the key of the value says about it.</param>
    public static object? Redact(object? value, KeyKind kind = KeyKind.Plain) => value switch
    {
        _ when kind is KeyKind.Headers or KeyKind.Environment => SecretPairs.Redact(value, kind),
        YamlMapping mapping => RedactMapping(mapping, kind),
        List<object?> list => RedactList(list, kind),
        HashSet<object?> set => RedactList([.. set], kind),
        string text => RedactText(text, kind),
        byte[] bytes => RedactBytes(bytes),
        _ => value,
    };

    /// <summary>The same for the list of providers, where what is no provider goes: it says nothing, and may be a key.</summary>
    /// <param name="value">A list of mappings, or a mapping of mappings by name.</param>
    public static object? RedactProviders(object? value)
    {
        switch (value)
        {
            case List<object?> list:
                return list.Where(item => item is YamlMapping or List<object?>)
                    .Select(item => item is YamlMapping ? Redact(item) : RedactProviders(item))
                    .ToList();
            case YamlMapping mapping when mapping.Contains("name") || mapping.Contains("base_url"):
                return Redact(mapping);
            case YamlMapping mapping:
                var providers = new YamlMapping();
                foreach (var (key, provider) in mapping.Entries.Where(entry => entry.Value is YamlMapping))
                {
                    providers.Set(RedactKey(key), Redact(provider));
                }

                return providers;
            default:
                return null;
        }
    }

    /// <summary>A key without the secrets in it.</summary>
    public static object? RedactKey(object? key) => key switch
    {
        string text => SecretText.Redact(text),
        byte[] bytes => RedactBytes(bytes),
        _ => key,
    };

    private static YamlMapping RedactMapping(YamlMapping mapping, KeyKind kind)
    {
        var result = new YamlMapping();
        var hidApiKey = false;
        var namesSecret = NamesSecret(mapping);
        foreach (var (key, value) in mapping.Entries)
        {
            var name = key as string ?? "";
            var entryKind = KindOfEntry(name, kind, value);
            if (namesSecret && name.Equals("value", StringComparison.OrdinalIgnoreCase))
            {
                entryKind = KeyKind.Secret;
            }

            if (entryKind == KeyKind.Secret)
            {
                if (!IsHarmless(name, value))
                {
                    hidApiKey |= SecretNames.IsApiKey(name);
                    continue;
                }

                result.Set(RedactKey(key), value);
            }
            else if (entryKind == KeyKind.SecretReference)
            {
                if (RedactReference(value) is { } reference)
                {
                    result.Set(RedactKey(key), reference);
                }
            }
            else
            {
                result.Set(RedactKey(key), Redact(value, entryKind));
            }
        }

        if (hidApiKey)
        {
            result.Set(ApiKeyFlag, true);
        }

        return result;
    }

    // What an entry is: by the mapping around it, else by its own name, and by what it holds.
    private static KeyKind KindOfEntry(string name, KeyKind around, object? value)
    {
        var own = SecretNames.Classify(name);
        switch (around)
        {
            case KeyKind.Authentication:
                return own is KeyKind.SecretReference || (own != KeyKind.Secret && AuthenticationFacts.Contains(name)) ? own : KeyKind.Secret;
            case KeyKind.Webhook when own is KeyKind.Plain && name.ToLowerInvariant() is "url" or "urls" or "uri" or "endpoint" or "address":
                return KeyKind.Webhook;
            case KeyKind.Parameters when SecretNames.IsSecretParameter(name):
                return KeyKind.Secret;
            case KeyKind.Identifier when own is KeyKind.Plain && value is string:
                return KeyKind.Identifier;
            default:
                break;
        }

        return own switch
        {
            // How to sign in: a mapping may hold more than secrets.
            KeyKind.Authentication when value is not YamlMapping => KeyKind.Secret,

            // "api_key_env" that is a mapping is an environment.
            KeyKind.SecretReference when value is YamlMapping => KeyKind.Environment,

            // "voices" is a mapping of identifiers, "cheap_model" is a mapping of anything.
            KeyKind.Identifier when value is YamlMapping && !name.EndsWith('s') => KeyKind.Plain,
            _ => own,
        };
    }

    private static List<object?> RedactList(List<object?> list, KeyKind kind)
    {
        var result = new List<object?>(list.Count);
        for (var index = 0; index < list.Count; index++)
        {
            // ["--token", VALUE] and, of an ordered mapping, [api_key, VALUE].
            var isValue = index > 0 && list[index] is not (null or bool)
                && list[index - 1] is string name
                && (IsSecretFlag(name, list[index]) || (list.Count == 2 && index == 1 && SecretNames.IsSecret(name) && !IsHarmless(name, list[1])));
            result.Add(isValue ? Mark : Redact(list[index], kind));
        }

        return result;
    }

    private static bool IsSecretFlag(string flag, object? value) => flag switch
    {
        "-u" or "--user" or "--proxy-user" => value is string text && text.Contains(':'),
        ['-', '-', ..] => !flag.Contains('=') && !flag.Contains(' ') && SecretNames.IsSecretParameter(flag)
            && !(value is string text && text.StartsWith('-')),
        _ => false,
    };

    private static string RedactText(string text, KeyKind kind) => kind switch
    {
        KeyKind.Webhook when text.Length > 0 && !SecretText.IsVariableReference(text) => SecretUrls.WithoutCapability(text),
        KeyKind.ConnectionString => RedactConnectionString(text),
        _ => SecretText.Redact(text, isIdentifier: kind == KeyKind.Identifier),
    };

    private static string RedactConnectionString(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal) || SecretText.IsVariableReference(text) || text.Length == 0)
        {
            return SecretText.Redact(text);
        }

        if (!text.Contains('='))
        {
            return SecretUrls.Redact(text) is var redacted && redacted != text ? redacted : Mark;
        }

        // Between semicolons a password may hold blanks; between blanks, as libpq has it, it is quoted.
        var parts = text.Split(';');
        for (var index = 0; index < parts.Length; index++)
        {
            var equals = parts[index].IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && SecretNames.IsSecretParameter(parts[index][..equals]))
            {
                parts[index] = $"{parts[index].AsSpan(0, equals + 1)}{Mark}";
            }
        }

        return SecretText.Redact(string.Join(';', parts));
    }

    // !!binary: judged as the text that it may be, and as the text that it becomes.
    private static object RedactBytes(byte[] bytes)
    {
        var asText = Encoding.UTF8.GetString(bytes);
        var asBase64 = Convert.ToBase64String(bytes);
        return SecretText.Redact(asText) == asText && SecretText.Redact(asBase64) == asBase64 ? bytes : Mark;
    }

    private static object? RedactReference(object? value) => value switch
    {
        string text when text.Length == 0 || SecretText.IsVariableReference(text) || SecretText.IsVariableName(text) => text,
        List<object?> list => list.Where(item => item is string text && SecretText.IsVariableName(text)).ToList(),
        null or bool => value,
        _ => null,
    };

    // {name: Authorization, value: …}
    private static bool NamesSecret(YamlMapping mapping)
    {
        foreach (var key in (ReadOnlySpan<string>)["name", "key", "header", "Name", "Key"])
        {
            if (mapping[key] is string name && mapping.Count <= 8 && SecretNames.IsSecret(name))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsHarmless(string name, object? value) => value switch
    {
        null or bool => true,
        string text => string.IsNullOrWhiteSpace(text) || SecretText.IsVariableReference(text),
        long or System.Numerics.BigInteger or double => SecretNames.IsTokens(name),
        YamlMapping mapping => mapping.Count == 0,
        List<object?> list => list.Count == 0,
        _ => false,
    };
}
