using System.Text.RegularExpressions;
using Hermes.Core.Yaml;
using YamlNodeType = YamlDotNet.RepresentationModel.YamlNodeType;

namespace Hermes.Core.Configuration;

/// <summary>Changes the model, provider and address in the text of a <c>config.yaml</c>, and nothing else in it.</summary>
/// <remarks>There are many ways to write the same YAML. So a change is a proposal, or several: the first that, read again, says exactly
/// what was meant, everything else being equal, is taken. What none of them can say is refused.</remarks>
internal static partial class ConfigEditor
{
    private const string Section = "model";
    private static readonly string[] NameKeys = ProviderChoice.NameKeys;
    // How much deeper the keys of a new section stand.
    private const int Step = 2;

    /// <summary>A text that is a mapping, or nothing, with the change made, whose values are checked already; the same text where it says so already.</summary>
    /// <exception cref="ConfigConflictException">The text is such that only a change by hand can make it.</exception>
    public static string Edit(string text, ConfigChange change)
    {
        var byteOrderMark = text.StartsWith('\uFEFF') ? "\uFEFF" : "";
        text = text[byteOrderMark.Length..];
        text = Set(text, change.Model, now => now.Model, SetModel);
        text = Set(text, change.Provider, now => now.Provider, SetProvider);
        text = Set(text, change.BaseUrl, now => now.BaseUrl, (document, value) => SetInSection(document, "base_url", value));
        return byteOrderMark + text;
    }

    private static string Set(string text, string? value, Func<ProviderChoice, string?> find, Func<Document, string, Proposal> propose)
    {
        if (value is null) return text;

        var document = new Document(text, ConfigFile.Parse(text), YamlLoader.Compose(text));
        if (find(ProviderChoice.Of(document.Root)) == value) return text;

        var proposal = propose(document, value);
        return proposal.Texts.FirstOrDefault(candidate => Parse(candidate) is { } root
                && YamlMapping.AreEqual(root, proposal.Meant) && find(ProviderChoice.Of(root)) == value)
            ?? throw new ConfigConflictException("the value is shared with other places, or written in a way that only an editor can change; change the file by hand");
    }

    private static Proposal SetModel(Document document, string value)
    {
        if (document.Root[Section] is not YamlMapping section)
        {
            return document.SectionOutline is { } scalar
                ? new(ReplaceValue(document, document.Root[Section], scalar, value), document.Meant(value))
                : SetInSection(document, NameKeys[0], value);
        }

        // The one that counts now, else one that stands there with nothing in it.
        var key = NameKeys.FirstOrDefault(key => ProviderChoice.Text(section[key]) is not null) ?? NameKeys.FirstOrDefault(section.Contains) ?? NameKeys[0];
        return SetInSection(document, key, value);
    }

    private static Proposal SetProvider(Document document, string value)
    {
        const string Key = "provider";
        var isInSection = ProviderChoice.Text((document.Root[Section] as YamlMapping)?[Key]) is not null;
        return !isInSection && document.Outline?.Find(Key) is { } top
            ? new(ReplaceValue(document, document.Root[Key], top, value), With(document.Root, Key, value))
            : SetInSection(document, Key, value);
    }

    private static Proposal SetInSection(Document document, string key, string value)
    {
        switch (document.Root[Section])
        {
            case YamlMapping section:
                var meant = document.Meant(With(section, key, value));
                return document.SectionOutline is not { Kind: YamlNodeType.Mapping } outline ? new([], meant)
                    : outline.Find(key) is { } written ? new(ReplaceValue(document, section[key], written, value), meant)
                    : new(Insert(document, outline, key, value), meant);
            case null when document.SectionOutline is null:
                return new(AppendSection(document, key, value), document.Meant(With(new YamlMapping(), key, value)));
            case null or string:
                var name = document.Root[Section] as string;
                var converted = With(name is null ? new YamlMapping() : With(new YamlMapping(), NameKeys[0], name), key, value);
                return new(Convert(document, document.SectionOutline!, name, key, value), document.Meant(converted));
            default:
                return new([], document.Root);
        }
    }

    // The value alone, in its old quotes where it had some. A mapping or list holds more than a value can stand for.
    private static IEnumerable<string> ReplaceValue(Document document, object? old, YamlNode at, string value)
    {
        if (old is YamlMapping or List<object?> or HashSet<object?>) yield break;

        var text = document.Text;
        var source = text[at.Start..at.End];
        var written = source is ['\'', ..] ? $"'{value.Replace("'", "''", StringComparison.Ordinal)}'"
            : source is ['"', ..] ? DoubleQuoted(value) : Written(value);
        var blank = at.Start > 0 && text[at.Start - 1] == ':' ? " " : "";
        yield return $"{text[..at.Start]}{blank}{written}{text[at.End..]}";
    }

    private static IEnumerable<string> Insert(Document document, YamlNode mapping, string key, string value)
    {
        var text = document.Text;
        var entry = $"{key}: {Written(value)}";
        if (mapping.IsFlow)
        {
            yield return mapping.Entries is [var first, ..] ? text.Insert(first.Key.Start, $"{entry}, ") : text.Insert(mapping.End - 1, entry);
            yield break;
        }

        // Behind the last of its kin, whose comments stay theirs.
        string[] kin = [.. NameKeys, "provider", "base_url"];
        var last = mapping.Entries.LastOrDefault(other => kin.Contains(other.Key.Text) && other.Value.Kind is YamlNodeType.Scalar or YamlNodeType.Alias);
        if (last.Key is not null)
            yield return text.Insert(EndOfLine(text, last.Value.End), $"{document.NewLine}{Blanks(last.Key.Indentation)}{entry}");

        var start = mapping.Entries[0].Key;
        yield return text.Insert(start.Start, $"{entry}{document.NewLine}{Blanks(start.Indentation)}");
    }

    private static IEnumerable<string> AppendSection(Document document, string key, string value)
    {
        var text = document.Text;
        var line = document.NewLine;
        if (document.Outline is { IsFlow: true } flow)
        {
            var entry = $"{Section}: {{{key}: {Written(value)}}}";
            yield return flow.Entries is [var first, ..] ? text.Insert(first.Key.Start, $"{entry}, ") : text.Insert(flow.End - 1, entry);
            yield break;
        }

        var indentation = document.Outline is { Entries: [var top, ..] } ? top.Key.Indentation : 0;
        var section = $"{Section}:{line}{Blanks(indentation + Step)}{key}: {Written(value)}{line}";
        yield return $"{text}{(text.Length == 0 || text[^1] is '\n' or '\r' ? "" : line)}{Blanks(indentation)}{section}";

        // Where the text ends with "..." or with a text whose end is the file's.
        if (document.Outline is { Entries: [var start, ..] })
            yield return text.Insert(start.Key.Start, section + Blanks(indentation));
    }

    // "model: NAME" becomes a section, with NAME and the comment beside it as they are.
    private static IEnumerable<string> Convert(Document document, YamlNode scalar, string? name, string key, string value)
    {
        var text = document.Text;
        var line = document.NewLine;
        var source = text[scalar.Start..scalar.End];
        var keyOutline = document.Outline!.Entries.Last(entry => entry.Value == scalar).Key;
        var indentation = Blanks(keyOutline.Indentation + Step);
        if (!document.Outline.IsFlow && !source.AsSpan().ContainsAny('\r', '\n'))
        {
            var colon = text.AsSpan(0, scalar.Start).TrimEnd(" \t").Length;
            var end = EndOfLine(text, scalar.End);
            var ownLine = name is null ? "" : $"{line}{indentation}{NameKeys[0]}: {source}";
            yield return $"{text[..colon]}{ownLine}{text[scalar.End..end]}{line}{indentation}{key}: {Written(value)}{text[end..]}";
        }

        var blank = scalar.Start > 0 && text[scalar.Start - 1] == ':' ? " " : "";
        var own = name is null ? "" : $"{NameKeys[0]}: {Written(name)}, ";
        yield return $"{text[..scalar.Start]}{blank}{{{own}{key}: {Written(value)}}}{text[scalar.End..]}";
    }

    // Plain where it means the same text to every reader of YAML, 1.1 and 1.2, in { } or not.
    private static string Written(string value) =>
        PlainText.IsMatch(value) && YamlTags.Resolve(value) == YamlTags.String && value is not ("y" or "Y" or "n" or "N") ? value : DoubleQuoted(value);

    private static string DoubleQuoted(string value) =>
        $"\"{Escaped.Replace(value, match => match.Value is "\"" or "\\" ? $"\\{match.Value}" : $"\\u{(int)match.Value[0]:X4}")}\"";

    private static YamlMapping With(YamlMapping mapping, string key, object? value) => new(mapping.Entries.Append((key, value)));

    private static YamlMapping? Parse(string text)
    {
        try
        {
            return ConfigFile.Parse(text);
        }
        catch (Exception exception) when (exception is YamlLoadException or ConfigUnreadableException)
        {
            return null;
        }
    }

    private static int EndOfLine(string text, int index) =>
        text.AsSpan(index).IndexOfAny('\r', '\n') is >= 0 and var length ? index + length : text.Length;

    private static string Blanks(int count) => new(' ', count);

    [GeneratedRegex(@"^[A-Za-z](?:[A-Za-z0-9_./:@+-]*[A-Za-z0-9_./@+-])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainText { get; }
    [GeneratedRegex(@"[""\\\p{Cc}\u2028\u2029\uFEFF]", RegexOptions.CultureInvariant)]
    private static partial Regex Escaped { get; }

    /// <summary>Texts of which each may be the change, and what the right one means.</summary>
    private sealed record Proposal(IEnumerable<string> Texts, YamlMapping Meant);

    /// <summary>A text, what it means, and where in it that stands.</summary>
    private sealed record Document(string Text, YamlMapping Root, YamlNode? Outline)
    {
        public YamlNode? SectionOutline => Outline?.Find(Section);
        public string NewLine => Text.IndexOf('\n', StringComparison.Ordinal) is > 0 and var index && Text[index - 1] == '\r' ? "\r\n" : "\n";

        public YamlMapping Meant(object section) => With(Root, Section, section);
    }
}
