namespace Hermes.Core.Sessions;

/// <summary>A text or JSON value of a row, as UTF-8 where it lies. Valid for as long as the row is.</summary>
internal readonly ref struct FieldValue
{
    private readonly Kind _kind;

    private FieldValue(Kind kind, ReadOnlySpan<byte> utf8 = default)
    {
        _kind = kind;
        Utf8 = utf8;
    }

    private enum Kind
    {
        Null,
        Missing,
        Text,
        Json,
    }

    /// <summary>What a store has no place for; <see langword="default"/> is a place with nothing in it.</summary>
    public static FieldValue Missing => new(Kind.Missing);

    /// <summary>The bytes of the text, which need not be valid UTF-8, or of the JSON, which is valid.</summary>
    public ReadOnlySpan<byte> Utf8 { get; }

    public bool IsNull => _kind is Kind.Null or Kind.Missing;

    public bool IsMissing => _kind is Kind.Missing;

    /// <summary>Whether it is JSON as it stands, and not a text.</summary>
    public bool IsJson => _kind is Kind.Json;

    public static FieldValue Text(ReadOnlySpan<byte> utf8) => new(Kind.Text, utf8);

    public static FieldValue Text(string? text) => text is null ? default : Text(Encoding.UTF8.GetBytes(text));

    /// <summary>Valid JSON.</summary>
    public static FieldValue Json(ReadOnlySpan<byte> utf8) => new(Kind.Json, utf8);

    /// <summary>The JSON that <paramref name="utf8"/> is the text of; the text itself where it is none.</summary>
    public static FieldValue JsonOrText(ReadOnlySpan<byte> utf8) => new(StoredJson.IsValid(utf8) ? Kind.Json : Kind.Text, utf8);

    /// <summary>The text, with U+FFFD for bytes that are no UTF-8; null for null and for JSON.</summary>
    public string? AsText() => _kind is Kind.Text ? Encoding.UTF8.GetString(Utf8) : null;

    /// <summary>The JSON, a text as a JSON string; null for null.</summary>
    public JsonElement? AsJson() => _kind switch
    {
        Kind.Json => StoredJson.Parse(Utf8),
        Kind.Text => StoredJson.StringElement(AsText()!),
        _ => null,
    };
}
