using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Hermes.Core.Sessions;

/// <summary>A text or JSON value of a session or message, where it lies: in a database row, a string or a JSON document.</summary>
internal readonly ref struct FieldValue
{
    private readonly ReadOnlySpan<byte> _utf8;
    private readonly string? _text;
    private readonly JsonElement _element;
    private readonly Kind _kind;

    private FieldValue(Kind kind, ReadOnlySpan<byte> utf8 = default, string? text = null, JsonElement element = default)
    {
        _kind = kind;
        _utf8 = utf8;
        _text = text;
        _element = element;
    }

    private enum Kind
    {
        Null,
        Utf8,
        Text,
        Json,
        Element,
    }

    public bool IsNull => _kind == Kind.Null;

    public static FieldValue Utf8Text(ReadOnlySpan<byte> text) => new(Kind.Utf8, utf8: text);

    public static FieldValue Text(string? text) => text is null ? default : new(Kind.Text, text: text);

    public static FieldValue Element(JsonElement? element) => element is { } value ? new(Kind.Element, element: value) : default;

    /// <summary>The JSON that <paramref name="utf8"/> is the text of; the text itself where it is none.</summary>
    public static FieldValue JsonOrText(ReadOnlySpan<byte> utf8) => new(StoredJson.IsValid(utf8) ? Kind.Json : Kind.Utf8, utf8: utf8);

    /// <summary>The text, with U+FFFD for bytes that are no UTF-8; null for null and for JSON.</summary>
    public string? AsText() => _kind switch
    {
        Kind.Utf8 => Encoding.UTF8.GetString(_utf8),
        Kind.Text => _text,
        _ => null,
    };

    /// <summary>The JSON, a text as a JSON string; null for null.</summary>
    public JsonElement? AsJson() => _kind switch
    {
        Kind.Null => null,
        Kind.Json => StoredJson.Parse(_utf8),
        Kind.Element => _element,
        _ => StoredJson.StringElement(AsText()!),
    };

    /// <summary>The JSON; null for null and for a text.</summary>
    public JsonElement? AsJsonOnly() => _kind is Kind.Json or Kind.Element ? AsJson() : null;

    public void WriteTo(Utf8JsonWriter writer, JsonEncodedText name)
    {
        writer.WritePropertyName(name);
        switch (_kind)
        {
            case Kind.Null:
                writer.WriteNullValue();
                break;
            case Kind.Utf8 when Utf8.IsValid(_utf8):
                JsonText.WriteValue(writer, _utf8);
                break;
            case Kind.Json:
                writer.WriteRawValue(_utf8, skipInputValidation: true);
                break;
            case Kind.Element:
                _element.WriteTo(writer);
                break;
            default:
                JsonText.WriteValue(writer, Encoding.UTF8.GetBytes(AsText()!));
                break;
        }
    }
}
