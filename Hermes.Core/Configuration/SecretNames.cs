using System.Collections.Frozen;
using System.Text;

namespace Hermes.Core.Configuration;

/// <summary>Tells from a name whether what it names is a secret, in any case and joint.</summary>
internal static class SecretNames
{
    // What a name names stands at its end.
    private const int MaxLength = 256;

    // Anywhere in a name these make it a secret's, unless a word of Descriptions follows.
    private static readonly FrozenSet<string> StrongNouns = Words(
        """
        secret secrets password passwords passwd passwds passphrase passphrases passcode passcodes passkey passkeys pwd pwds
        credential credentials cred creds authorization bearer token tokens cookie cookies dsn dsns jwt jwts hmac mnemonic otp totp psk
        apikey apikeys passwort kennwort contraseña contrasena senha пароль токен 密码 密碼 パスワード 비밀번호
        """);

    // These mean other things too ("pin_version", "key_bindings"), so they count at the end of a name only.
    private static readonly FrozenSet<string> WeakNouns = Words("key keys pin pins salt salts pass pw pat pats sas");

    private static readonly FrozenSet<string> Qualifiers = Words(
        """
        value values prod production dev test staging live default current old new primary secondary backup main base b hex
        encoded encrypted raw plain text string data content contents hash code codes
        """);

    private static readonly FrozenSet<string> KeyOwners = Words(
        """
        api access private secret ssh signing signature encryption decryption license licence master auth service account admin app client
        deploy shared storage subscription session hmac
        """);

    private static readonly FrozenSet<string> HarmlessKeyOwners = Words(
        """
        public primary foreign sort partition cache hot shortcut record recording talk group index lookup translation row range object map modifier
        submit interrupt escape trigger activation leader prefix idempotency dedupe routing toggle arrow function order
        """);

    private static readonly FrozenSet<string> HarmlessPassOwners = Words("first second third single one two three multi max num by");

    // "max_tokens" counts, "eos_token" is a mark in a vocabulary.
    private static readonly FrozenSet<string> TokenCounters = Words(
        """
        max min num n total prompt completion input output reasoning thinking cached context budget new image audio used remaining
        special stop eos bos pad unk mask sep cls per of
        """);

    private static readonly FrozenSet<string> SingularTokenCounters = Words("max min num per eos bos pad unk stop mask sep cls special");

    // What follows a secret's noun when the value is about a secret and not the secret.
    private static readonly FrozenSet<string> Descriptions = Words(
        """
        count counts counter limit limits budget size length len max min usage used cost costs price rate ratio threshold per window minute
        type types method methods mode provider providers source strategy scheme policy format url uri endpoint host port path paths file files
        filename dir directory folder location id ids name names field fields param parameter header expiry expires expiration ttl lifetime age
        timeout interval rotation enabled disabled required optional allowed stdin command cmd helper label description issuer audience
        scope scopes algorithm alg cache store storage backend manager pool validation visible masked redaction counting tracking
        """);

    private static readonly FrozenSet<string> VariableWords = Words("env envvar var variable");

    private static readonly FrozenSet<string> EnvironmentWords = Words("env envs environment environments envvars");

    private static readonly FrozenSet<string> IdentifierWords = Words(
        """
        id ids uuid guid hash sha md commit revision rev ref digest checksum fingerprint etag version voice voices voiceid model models
        """);

    private static readonly FrozenSet<string> GluedKeyOwners = Words(
        """
        api access private secret ssh signing encryption license master auth service account admin app client deploy shared storage
        subscription session openai anthropic groq gemini google azure aws elevenlabs openrouter deepseek mistral xai huggingface github
        """);

    private static readonly string[] GluedNouns =
        ["secret", "password", "passwd", "passphrase", "token", "credential", "apikey", "cookie", "authorization", "connectionstring"];

    private static readonly FrozenSet<string> SecretParameters = Words(
        "sig signature code key auth assertion xamzsignature xamzsecuritytoken xamzcredential xgoogsignature xgoogcredential");

    /// <summary>What a key says about its value.</summary>
    public static KeyKind Classify(string name)
    {
        var words = Split(name);
        if (words.Count == 0)
        {
            return KeyKind.Plain;
        }

        var last = words[^1];
        var glued = string.Concat(words);
        if (words is [.., "env", "key"] || (VariableWords.Contains(last) && words.Count > 1 && IsSecret(words[..^1])))
        {
            return KeyKind.SecretReference;
        }

        if (EnvironmentWords.Contains(last) || glued.EndsWith("envvars", StringComparison.Ordinal)
            || glued.EndsWith("environmentvariables", StringComparison.Ordinal))
        {
            return KeyKind.Environment;
        }

        if (last is "header" or "headers" || glued.EndsWith("headers", StringComparison.Ordinal))
        {
            return KeyKind.Headers;
        }

        if (glued.EndsWith("connectionstring", StringComparison.Ordinal) || glued.EndsWith("connstr", StringComparison.Ordinal))
        {
            return KeyKind.ConnectionString;
        }

        if (IsSecret(words))
        {
            return KeyKind.Secret;
        }

        return last switch
        {
            "auth" or "oauth" or "authentication" or "basicauth" => KeyKind.Authentication,
            "webhook" or "webhooks" => KeyKind.Webhook,
            "url" or "urls" or "uri" when glued.Contains("hook", StringComparison.Ordinal) => KeyKind.Webhook,
            "webhookurl" or "webhookurls" => KeyKind.Webhook,
            "query" or "params" or "parameters" => KeyKind.Parameters,
            _ when IdentifierWords.Contains(last) => KeyKind.Identifier,
            _ => KeyKind.Plain,
        };
    }

    /// <summary>Whether the name is an API key's.</summary>
    public static bool IsApiKey(string name)
    {
        var glued = string.Concat(Split(name));
        return glued.EndsWith("apikey", StringComparison.Ordinal) || glued.EndsWith("apikeys", StringComparison.Ordinal);
    }

    /// <summary>Whether the name is of tokens in the plural, which are counted as often as they are kept.</summary>
    public static bool IsTokens(string name) => Split(name) is [.., var last] && last.EndsWith("tokens", StringComparison.Ordinal);

    /// <summary>Whether a parameter of a URL with this name is secret: more are than keys of a file.</summary>
    public static bool IsSecretParameter(string name) =>
        Classify(name) is KeyKind.Secret or KeyKind.Authentication || SecretParameters.Contains(string.Concat(Split(name)));

    /// <summary>Whether what the name names is a secret.</summary>
    public static bool IsSecret(string name) => Classify(name) == KeyKind.Secret;

    /// <summary>Whether two words name a key that is secret: <c>API key</c>.</summary>
    public static bool IsOwnedKey(ReadOnlySpan<char> owner, ReadOnlySpan<char> key) =>
        key.TrimEnd('s').Equals("key", StringComparison.OrdinalIgnoreCase) && KeyOwners.Contains(owner.ToString().ToLowerInvariant());

    private static bool IsSecret(List<string> words)
    {
        for (var index = words.Count - 1; index >= 0; index--)
        {
            if (!IsNoun(words, index))
            {
                continue;
            }

            var following = words.Skip(index + 1).ToList();
            var isStrong = StrongNouns.Contains(words[index]) || IsGluedNoun(words[index]) || IsOwnedKey(words, index);
            return isStrong
                // "secret_id" is the secret half of a pair.
                ? following.TrueForAll(word => !Descriptions.Contains(word)) || (words[index] == "secret" && following is ["id"])
                : following.TrueForAll(Qualifiers.Contains);
        }

        // Odd case ("aPiKeY") and odd joints ("pass_word") split a noun.
        return words.Count > 1 && IsGluedNoun(string.Concat(words));
    }

    private static bool IsNoun(List<string> words, int index)
    {
        var word = words[index];
        var owner = index > 0 ? words[index - 1] : "";
        return word switch
        {
            "token" => !SingularTokenCounters.Contains(owner),
            "tokens" => !TokenCounters.Contains(owner),
            "key" or "keys" => !HarmlessKeyOwners.Contains(owner),
            "pass" => !HarmlessPassOwners.Contains(owner),
            _ => StrongNouns.Contains(word) || WeakNouns.Contains(word) || IsGluedNoun(word),
        };
    }

    private static bool IsOwnedKey(List<string> words, int index) =>
        words[index] is "key" or "keys" && index > 0 && KeyOwners.Contains(words[index - 1]);

    private static bool IsGluedNoun(string word)
    {
        var singular = word.EndsWith('s') ? word.AsSpan(..^1) : word;
        foreach (var noun in GluedNouns)
        {
            if (singular.EndsWith(noun, StringComparison.Ordinal))
            {
                var owner = singular[..^noun.Length].ToString();
                return noun != "token" || !TokenCounters.Any(counter => counter.Length > 1 && owner.EndsWith(counter, StringComparison.Ordinal));
            }
        }

        return singular.EndsWith("key", StringComparison.Ordinal) && GluedKeyOwners.Contains(singular[..^3].ToString());
    }

    // "OpenAI_apiKey2" is open, ai, api, key: numbers say nothing here.
    private static List<string> Split(string name)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var previous = '\0';
        void End()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        name = name.Length > MaxLength ? name[^MaxLength..] : name;
        for (var index = 0; index < name.Length; index++)
        {
            var character = Fold(name[index]);
            if (char.GetUnicodeCategory(character) == System.Globalization.UnicodeCategory.Format)
            {
                continue;
            }

            if (!char.IsLetter(character))
            {
                End();
            }
            else
            {
                var nextIsLower = index + 1 < name.Length && char.IsLower(Fold(name[index + 1]));
                if (char.IsUpper(character) && (char.IsLower(previous) || (char.IsUpper(previous) && nextIsLower)))
                {
                    End();
                }

                word.Append(char.ToLowerInvariant(character));
            }

            previous = character;
        }

        End();
        return words;
    }

    // Full-width forms and the letters outside ASCII that are ASCII letters in another case. String.Normalize would
    // know more of them, but does nothing where globalization is invariant.
    private static char Fold(char character) => character switch
    {
        >= '\uFF01' and <= '\uFF5E' => (char)(character - 0xFEE0),
        '\u017F' => 's',
        '\u0130' => 'I',
        '\u0131' => 'i',
        '\u212A' => 'K',
        _ => character,
    };

    private static FrozenSet<string> Words(string words) =>
        words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
