namespace Hermes.Core.Tests.Configuration;

/// <summary>A configuration with a secret in every shape that people write them in, each with MARK in it or listed by itself.</summary>
internal static class PlantedSecrets
{
    private static readonly string[] Sections =
        ["model", "display", "memory", "skills", "agent", "tts", "stt", "smart_model_routing", "custom_providers"];

    // Names of secrets in many languages and spellings; the last ones say nothing to anybody.
    private static readonly string[] Names =
    [
        "api_key", "apiKey", "API-KEY", "ApiKey", "passWord", "pass_word", "PASS-WORD", "p a s s w o r d", "passwd", "pwd", "pw", "passphrase", "pin", "PIN_CODE",
        "clave", "contraseña", "contrasena", "密钥", "密码", "密碼", "パスワード", "暗証番号", "비밀번호", "hasło", "haslo", "heslo", "пароль", "ключ", "şifre", "senha",
        "mot_de_passe", "motdepasse", "Kennwort", "Passwort", "Schlüssel", "lösenord", "wachtwoord", "jelszó", "κωδικός", "סיסמה", "كلمة المرور", "รหัสผ่าน", "mật_khẩu",
        "ｐａｓｓｗｏｒｄ", "tоken", "aPiKeY", "secret", "client_secret", "aws_secret_access_key", "session_token", "auth", "authorization", "cookie", "dsn", "jwt",
        "connection_string", "private_key", "ssh_key", "mnemonic", "otp", "sas", "x", "value", "zzz", "credentials", "webhook_url", "login", "extra",
    ];

    /// <summary>How many secrets are in it.</summary>
    public static int Count { get; private set; }

    /// <summary>What must not be shown, as text or in base64.</summary>
    public static List<string> Texts { get; } = [];

    /// <summary>The whole file.</summary>
    public static string Yaml { get; } = Build();

    private static string Next(string shape = "MARK{0}")
    {
        var secret = string.Format(System.Globalization.CultureInfo.InvariantCulture, shape, 1000 + ++Count);
        Texts.Add(secret);
        return secret;
    }

    private static string Build()
    {
        var lines = new List<string> { "# MARK in a comment", "vault:\n  password: &alias ALIASED-MARK-1\n  deep:\n    api_key: &second 'aliased MARK 2'\n  pin: &number 48151623421" };
        Texts.AddRange(["ALIASED-MARK-1", "aliased MARK 2", "48151623421"]);
        Count += 3;
        foreach (var section in Sections)
        {
            lines.Add($"{section}:");
            lines.AddRange(Names.Select(name => $"  \"{name}\": {Next()}"));
            lines.Add($"  numbers: [{Next("77{0}")}, {Next("88{0}.25")}, 0x{Next("c0ffee{0}")}]");
            lines.Add($"  pairs: [{{name: API_KEY, value: {Next()}}}, {{key: X, val: {Next()}}}, {{nombre: clave, valor: {Next()}}}, [token, {Next()}], [--token, {Next()}]]");
            lines.Add($"  env: {{PATH: {Next()}, OPENAI_API_KEY: {Next()}}}");
            lines.Add($"  headers: ['Authorization: Bearer {Next()}', 'Cookie: sid={Next()}']");
            lines.Add($"  text: 'The admin password is {Next()}'");
            lines.Add($"  netrc: 'machine m login l password {Next()}'");
            lines.Add($"  xml: '<password>{Next()}</password>'");
            lines.Add($"  url: https://user:{Next()}@host.example/{Next()}?q={Next()}#{Next()}");
            lines.Add($"  block: |\n    first {Next()}\n    -----BEGIN PRIVATE KEY-----\n    {Next()}\n    -----END PRIVATE KEY-----");
            lines.Add($"  folded: >-\n    {Next()}\n    {Next()}");
            lines.Add($"  binary: !!binary {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Next()))}");
            lines.Add($"  tagged: !!str {Next("42{0}")}");
            lines.Add($"  set: !!set {{{Next()}, {Next()}}}");
            lines.Add($"  ordered: !!omap [api_key: {Next()}, b: {Next()}]");
            lines.Add($"  keys: {{sk-live-{Next()}: true, 'https://u:{Next()}@h/': true, 'a@{Next()}.example': true, 'The password is {Next()}': true, {Next("99{0}")}: true}}");
            lines.Add($"  keys2: {{? [1, 2] : x}}".Replace("? [1, 2] : x", "1: a, ~: b, 2024-01-02: c, true: d", StringComparison.Ordinal));
            lines.Add($"  jwt: eyJhbGciOiJIUzI1NiJ9.{Next("eyJNQVJL{0}")}.sig");
            lines.Add($"  hex: {Next("deadbeef{0}deadbeefdeadbeefdeadbeef")}");
            lines.Add($"  uuid: {Next("3f2504e0-{0}-41d3-9a0c-0305e82c3301")}");
            lines.Add($"  deep: [[{{a: [{{b: {{c: {Next()}}}}}]}}]]");
            lines.Add("  aliases: {default: *alias, y: [*second], z: *number}");
        }

        // Under known keys, where a value has the look of a token, is no name, or is a secret elsewhere.
        lines.AddRange(
        [
            "provider: *alias",
            $"timezone: {Next("ghp_{0}abcdefghijklmnop")}",
            $"toolsets: [web, {Next("sk-{0}abcdef")}, *second, --token, {Next()}, 'password={Next()}', 'the token is {Next()}', {Next("4815{0}")}]",
        ]);
        return string.Join('\n', lines) + "\n";
    }

    /// <summary>Those of <see cref="UnderKnownKeys"/> that are as good as words where words may stand.</summary>
    public static string[] LikeWords { get; } = ["MARK!2$x", "MARK%x", "a  MARK  b", "line\nMARK"];

    /// <summary>Those of <see cref="UnderKnownKeys"/> that are as good as the public names that services make up.</summary>
    public static string[] LikeIds { get; } =
    [
        "dGhpcyBpcyBhIHNlY3JldCBNQVJL", "0123456789abcdefMARK", "MARK-1234-5678-9012", "3f2504e0-4f89-41d3-9a0c-0305e82cMARK", "ABCDE-FGHIJ-KLMNO-MARKS",
        "plain-string-SECRET_MARK_034", "prod-password-MARK-2024", "NqjScvuxiyyDHyMARKgN", "MARKABCDEFGHIJKLMNOPQRST",
    ];

    /// <summary>Texts with a secret that may stand under any key.</summary>
    public static string[] UnderKnownKeys { get; } =
    [
        "sk-proj-abcdefMARK", "ghp_abcdefghijMARK01", "xoxb-1234-MARK", "AKIAMARKMARKMARK0", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJNQVJLIn0.x", "glpat-MARKmark00000",
        "password=MARK", "The admin password is MARK", "token: MARK", "Bearer MARK1234567890", "user:MARK@host.example", "https://user:MARK@host.example/?k=MARK",
        "-----BEGIN KEY----- MARK", "machine h login l password MARK", "<token>MARK</token>", "export X=MARK", "MARK!2$x", "MARK%x", "a  MARK  b", "line\nMARK",
        .. LikeIds,
    ];

    // Of services, with the least that may follow them.
    private static readonly string[] Prefixes =
    [
        "sk-proj-", "sk_live_", "rk_live_", "pk_live_", "ghp_", "github_pat_", "glpat-", "glsa_", "xoxb-", "AIza", "gsk_", "hf_", "npm_", "pypi-", "dop_v1_", "nvapi-", "whsec_",
        "shpat_", "lin_api_", "dckr_pat_", "tskey-", "figd_", "sbp_", "ATATT", "EAACabcd", "SG.abcdef",
    ];

    /// <summary>Secrets as generators make them, the same in every run; none of them may stand in a name, a list, an address or a key's name.</summary>
    public static IEnumerable<string> MadeUp(int count)
    {
        var random = new Random(20261127);
        const string lower = "abcdefghijklmnopqrstuvwxyz", digits = "0123456789", hex = "0123456789abcdef";
        var upper = lower.ToUpperInvariant();
        string Of(string characters, int length) => new(random.GetItems<char>(characters, length));
        for (var number = 0; number < count; number++)
        {
            yield return (number % 8) switch
            {
                0 => Of(lower, random.Next(20, 40)),
                1 => Of(upper, random.Next(20, 40)),
                2 => Of(lower + upper, random.Next(20, 40)),
                3 => string.Join(' ', Enumerable.Range(0, 4).Select(_ => Of(lower, 4))),
                4 => Prefixes[number / 8 % Prefixes.Length] + Of(lower + digits, random.Next(3, 8)),
                5 => Of(hex, 40) + "0a",
                6 => string.Join('-', Enumerable.Range(0, 4).Select(_ => Of(upper + digits, 5))),
                _ => $"{Of(lower, 4)}-{Of(lower + upper, 24)}",
            };
        }
    }
}
