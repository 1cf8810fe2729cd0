using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Hermes.Core.Configuration;

/// <summary>Tells from a name whether what it names is a secret, in any case, with any separators and in the languages that configurations are written in.</summary>
/// <remarks>The value of a name that is not recognized is not shown anyway; one that is makes its value a secret wherever else it stands.</remarks>
internal static partial class SecretNames
{
    private const int MaxLength = 256;

    /// <summary>Words that mean a secret wherever they stand in a name; as a pattern, for names without separators and for texts.</summary>
    public const string Nouns =
        "pass[ _-]?(?:w[o0]?rd|wd|phrase|code|key|wort)|password|secret|geheim|secreto|segredo|segreto|sekret|секрет|credential|token|токен|authori[sz]ation|bearer|cookie"
        + "|(?:api|access|private|signing|encryption|master|license|account|auth|service|admin|ssh|client|shared|storage|subscription|deploy)[ _-]?key"
        + "|mnemonic|seed[ _-]?phrase|connection[ _-]?string|contrase(?:ñ|n|n\u0303)a|kennwort|mot[ _-]?de[ _-]?passe|senha|has(?:ł|l)o|heslo|salasana|l(?:ö|o)senord|wachtwoord"
        + "|adgangskode|passord|jelsz(?:ó|o)|(?:ş|s)ifre|parola|пароль|密码|密碼|密钥|密鑰|秘钥|秘密|口令|パスワード|暗証|トークン|비밀번호|암호|비밀|토큰|كلمة|סיסמ|पासवर्ड|रहस्य|mậtkhẩu|mật khẩu|รหัสผ่าน|κωδικ(?:ό|ο)ς"
        + "|schl(?:ü|ue)ssel|chiave|sleutel|nyckel|klucz|anahtar|ключ";

    // Shorter ones are parts of other words too, so they count as whole words.
    private static readonly FrozenSet<string> ShortNouns = Words(
        """
        key keys pin pins pwd pwds pw pass pat sas dsn dsns jwt hmac otp totp psk cred creds salt clave claves llave chave clé cle klíč klic avain kulcs puk cvv
        mdp auth oauth pem sig signature
        """);

    // What follows when a value is about a secret and not the secret.
    private static readonly FrozenSet<string> Descriptions = Words(
        """
        env envvar var variable count counts limit limits budget size length usage cost price threshold type method mode provider source strategy scheme policy
        format url uri endpoint host port path file filename dir folder location name names field header ttl timeout interval expires expiry enabled disabled
        required label description issuer audience scope scopes algorithm store backend manager binding bindings
        """);

    private static readonly FrozenSet<string> TokenCounters = Words(
        "max min num n total prompt completion input output reasoning thinking cached context budget new image audio used remaining special stop eos bos pad unk");

    /// <summary>Whether what the name names is a secret.</summary>
    public static bool IsSecret(string name)
    {
        var words = Split(name);
        if (words.Count == 0 || Descriptions.Contains(words[^1]) || (words[^1] is "token" or "tokens" && words.Exists(TokenCounters.Contains)))
            return false;

        // Odd case ("aPiKeY") and odd separators ("pass_word") split a noun.
        var glued = string.Concat(words);
        return words.Exists(ShortNouns.Contains) || ShortNouns.Contains(glued) || Noun.IsMatch(glued);
    }

    /// <summary>Whether the name is an API key's.</summary>
    public static bool IsApiKey(string name) => string.Concat(Split(name)).Contains("apikey", StringComparison.Ordinal);

    // "OpenAI_apiKey2" is open, ai, api, key: numbers say nothing here.
    private static List<string> Split(string name)
    {
        var folded = string.Concat((name.Length > MaxLength ? name[^MaxLength..] : name).Select(Fold));
        return [.. Boundary.Split(folded).Select(word => Unseen.Replace(word, "").ToLowerInvariant()).Where(word => word.Length > 0)];
    }

    // Full-width forms and the letters outside ASCII that are ASCII letters in another case. String.Normalize does nothing where
    // globalization is invariant.
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

    // What is no letter, or the beginning of a word in camel case, whatever stands unseen before it.
    [GeneratedRegex(@"[^\p{L}\p{Mn}\p{Mc}\p{Cf}]+|(?<=\p{Ll}\p{Cf}*)(?=\p{Lu})|(?<=\p{Lu}\p{Cf}*)(?=\p{Lu}\p{Ll})", RegexOptions.CultureInvariant)]
    private static partial Regex Boundary { get; }
    [GeneratedRegex(@"\p{Cf}", RegexOptions.CultureInvariant)]
    private static partial Regex Unseen { get; }
    [GeneratedRegex(Nouns, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Noun { get; }
}
