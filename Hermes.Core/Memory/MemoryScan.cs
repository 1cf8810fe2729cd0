using System.Text.RegularExpressions;
using Hermes.Core.Text;

namespace Hermes.Core.Memory;

/// <summary>Searches text that is to stand in memory for what only an attack on the agent would say.</summary>
/// <remarks>The phrases are those that the Python agent refuses, drawn tighter where ordinary notes would match as well: the list is to stop
/// what is copied around, and to leave people alone. Every pattern takes time that grows with the text's length alone. Compared is what the
/// text looks like: letters of other alphabets, styles and marks are folded.</remarks>
internal static partial class MemoryScan
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private const string Filler = "(all|any|every|of|the|your|my|our|these|those|its|previous|prior|above|earlier|preceding|other|system|developer|safety)";
    private const string PathSegment = @"[^\s""']{0,200}";

    private const string Reader =
        @"(cat|tac|head|tail|nl|strings|base64|xxd|get-content)\s+(((?=\S{0,200}[-./~$<""'])\S{1,200}|<|\d+)\s+){0,8}";

    // What an agent is told in words.
    private static readonly (Regex Pattern, string Finding)[] Instructions =
    [
        (IgnoredInstructions(), "tells an agent to ignore its instructions"),
        (ChangedRole(), "gives an agent another role (\"you are now …\")"),
        (HiddenFromUser(), "tells an agent to hide something from the user"),
        (OverriddenPrompt(), "claims to override the system prompt"),
        (LiftedRestrictions(), "tells an agent to act without restrictions"),
    ];

    private static readonly (Regex Pattern, string Finding)[] Commands =
    [
        (SentSecret(), "sends a secret variable over the network (curl or wget)"),
        (ReadCredentials(), "reads a file of credentials"),
        (HermesSecrets(), "names the file of the agent's secrets (.hermes/.env)"),
        (SshAccess(), "names SSH keys or the .ssh folder"),
    ];

    // Flags of England, Scotland and Wales: the only ordinary text that has tag characters.
    private static readonly string[] TaggedFlags = [.. new[] { "gbeng", "gbsct", "gbwls" }.Select(Flag)];

    /// <summary>What is wrong with a text, as the end of a sentence that begins with "content"; null where nothing is.</summary>
    public static string? Find(string text)
    {
        if (FindCharacter(text) is { } character) return character;

        // A shell goes on after a line that ends so.
        var plain = LookAlikes.Fold(text).Replace("\\\n", " ", StringComparison.Ordinal);
        if ((Find(plain, Instructions) ?? Find(plain, Commands)) is { } finding) return finding;

        // No shell takes a digit for a letter, but a model does.
        return !plain.AsSpan().ContainsAny(LookAlikes.Digits) ? null
            : Find(LookAlikes.FoldDigits(plain, one: 'i'), Instructions) ?? Find(LookAlikes.FoldDigits(plain, one: 'l'), Instructions);
    }

    private static string? Find(string text, (Regex Pattern, string Finding)[] phrases) =>
        Array.Find(phrases, phrase => phrase.Pattern.IsMatch(text)).Finding;

    private static string? FindCharacter(string text)
    {
        foreach (var flag in TaggedFlags)
            text = text.Replace(flag, "", StringComparison.Ordinal);

        var before = default(Rune);
        for (var index = 0; index < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, index, out var rune)) return "has a lone surrogate, which cannot be stored";
            if (rune.Value == 0) return "has the character U+0000, which no text has: remove it";

            index += rune.Utf16SequenceLength;
            if (IsInvisible(rune.Value))
            {
                Rune.TryGetRuneAt(index < text.Length ? text : " ", index < text.Length ? index : 0, out var after);
                if (!Joins(rune.Value, before, after))
                    return string.Create(CultureInfo.InvariantCulture, $"has an invisible character (U+{rune.Value:X4}), which can hide text: remove it");
            }

            before = rune;
        }

        return null;
    }

    private static bool IsInvisible(int value) => value is (>= 0x200B and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x2064)
        or (>= 0x2066 and <= 0x2069) or 0xFEFF or (>= 0xE0000 and <= 0xE007F);

    // Persian and the scripts of India are not written without joiners, nor are many emoji. Between Latin letters they only hide a word.
    private static bool Joins(int joiner, Rune before, Rune after) => joiner switch
    {
        0x200C => IsOfJoiningScript(before) && IsOfJoiningScript(after),
        0x200D => (IsOfJoiningScript(before) && !Rune.IsWhiteSpace(after)) || (IsOfEmoji(before) && IsOfEmoji(after)),
        _ => false,
    };

    // Arabic and Syriac with their extensions, Mongolian, and from Devanagari to Sinhala, Myanmar, Khmer.
    private static bool IsOfJoiningScript(Rune rune) => rune.Value is (>= 0x0600 and <= 0x08FF) or (>= 0x0900 and <= 0x0DFF)
        or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x18AF) or (>= 0xFB50 and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFC);

    // Symbols, skin tones, and the selector that asks for colour.
    private static bool IsOfEmoji(Rune rune) => rune.Value is (>= 0x2190 and <= 0x2BFF) or 0xFE0F or (>= 0x1F000 and <= 0x1FAFF);

    private static string Flag(string region) =>
        "\U0001F3F4" + string.Concat(region.Select(letter => char.ConvertFromUtf32(0xE0000 + letter))) + char.ConvertFromUtf32(0xE007F);

    // "Ignore all rules" of a linter, "any prompts" of an installer and "earlier guidelines" of a team are ordinary notes: what is
    // ignored has to be instructions, or to be the agent's own.
    [GeneratedRegex(
        @"\b(?=ignore|disregard|forget)(?<!(\bnot|\bnever|n['’]t)\s{1,5})(ignore|disregard|forget)\s+(" +
        $@"({Filler}\s+){{0,6}}(previous|prior|above|earlier|preceding)\s+({Filler}\s+){{0,3}}(instructions?|directives?|prompts?)" +
        $@"|({Filler}\s+){{0,6}}(your|system|developer|safety)\s+({Filler}\s+){{0,3}}(instructions?|directives?|prompts?|rules?|guidelines?|restrictions?|constraints?|training|programming)" +
        $@"|({Filler}\s+){{0,6}}(all|any|every)\s+({Filler}\s+){{0,3}}(instructions?|directives?)" +
        $@"|({Filler}\s+){{0,6}}(instructions?|directives?|rules?|prompts?)\s+(above|before|you\s+(were|have\s+been|got))" +
        @"|(everything|anything|all)\s+((that\s+(is|was|came)\s+)?(above|before)(?!\s+\w)|(that\s+)?you\s+(were|have\s+been)\s+(told|given|taught))" +
        @")\b|\bdisregard\s+((all|any)\s+)(of\s+)?(the\s+)?(rules|guidelines)\b", Options)]
    private static partial Regex IgnoredInstructions();

    [GeneratedRegex(@"\b(?=you)(?<!\b(if|when|where|what|who|how|than|whether)\s{1,5})you(\s+are|['’]re)\s+now\s+\w", Options)]
    private static partial Regex ChangedRole();

    [GeneratedRegex(
        @"\b(do\s+not|don['’]?t|never)\s+((tell|inform|notify)\s+the\s+user|(mention|reveal|disclose|say)\s+(this|that|it|anything|any\s+of\s+this)\s+to\s+the\s+user)\b" +
        @"|\b(hide|conceal)\s+(this|that|it|these)\s+from\s+the\s+user\b", Options)]
    private static partial Regex HiddenFromUser();

    [GeneratedRegex(
        @"\bsystem\s+prompt\s+override\b|\boverrid(e|es|ing)\s+(the\s+|your\s+|all\s+)?(system\s+prompt|(previous|prior|your)\s+instructions)\b", Options)]
    private static partial Regex OverriddenPrompt();

    [GeneratedRegex(
        @"\b((act|behave|respond|answer)\s+(as\s+(if|though)|like)|pretend(\s+that)?)\s+(you|there)\b[^.\n]{0,60}?" +
        @"\b(no|without(\s+any)?|not\s+have(\s+any)?|don['’]?t\s+have(\s+any)?|free\s+(of|from)(\s+any)?)\s+(\w{1,30}\s+)?(restrictions?|limits?|limitations?|rules|filters?|guidelines|constraints)\b" +
        @"|\bact\s+as\s+(an?\s+|the\s+)?(unrestricted|unfiltered|uncensored|jailbroken)\b", Options)]
    private static partial Regex LiftedRestrictions();

    // The atomic group keeps to the first command of a line: trying each one would take time of the line's length squared.
    // Addresses and versions of an API are no secrets.
    [GeneratedRegex(
        @"^(?>[^\n]*?\b(curl|wget)\b)[^\n]*?\$(\{|env:)?(?>\w*?(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|(?<![A-Z])API(?!_?(URL|URI|HOST|BASE|ENDPOINT|PORT|VERSION|PATH))))",
        Options | RegexOptions.Multiline)]
    private static partial Regex SentSecret();

    // Options and paths follow a command; words follow an animal or a head of something. Templates of .env files hold no secrets.
    [GeneratedRegex(
        @"\b(cat\s+(\S{1,200}\s+){0,3}|" + Reader + $@")[""']?{PathSegment}\.(env(?![\w-]|\.(example|sample|template|dist)\b)|(netrc|pgpass|npmrc|pypirc)\b)" +
        @"|\b" + Reader + $@"[""']?({PathSegment}/)?[\w.-]{{0,60}}credentials\b", Options)]
    private static partial Regex ReadCredentials();

    [GeneratedRegex(@"[\w~}]/\.hermes/\.env\b", Options)]
    private static partial Regex HermesSecrets();

    [GeneratedRegex(
        @"\bauthorized_keys\b|(~\w{0,40}|\$\{?HOME\}?|/root|/(home|Users)/[\w.-]{1,60})/\.ssh\b|\bid_(rsa|dsa|ecdsa|ed25519)\b(?!\.pub)" +
        @"|-----BEGIN\s[A-Z ]{0,20}PRIVATE\sKEY", Options)]
    private static partial Regex SshAccess();
}
