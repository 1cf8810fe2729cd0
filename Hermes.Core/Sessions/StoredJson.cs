using System.Text.Unicode;

namespace Hermes.Core.Sessions;

/// <summary>JSON text as it lies in the home: which of it can be handed on as JSON.</summary>
internal static class StoredJson
{
    /// <summary>JSON nested deeper than this stays a string: many clients refuse it, and the reference's parser gives up at about 1000.</summary>
    public const int MaxDepth = 500;

    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };

    /// <summary>Whether every JSON parser can read this. <c>NaN</c>, <c>Infinity</c> and lone surrogates are no JSON.</summary>
    public static bool IsValid(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return !utf8.IsEmpty && Utf8.IsValid(utf8) && HasWholeTexts(utf8);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Whether it is JSON however deep it is nested, so that its depth alone is what a parser refuses.</summary>
    public static bool IsJsonOfAnyDepth(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (reader.Read())
            {
            }

            return !utf8.IsEmpty;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Whether nothing in it has a lone surrogate: <see cref="JsonElement"/> throws when it comes across one.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <param name="namesAlone">Only the names of fields are asked about, not the texts.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static bool HasWholeTexts(ReadOnlySpan<byte> utf8, bool namesAlone = false)
    {
        var reader = new Utf8JsonReader(utf8, ReaderOptions);
        try
        {
            while (reader.Read())
            {
                var isAsked = reader.TokenType is JsonTokenType.PropertyName || (reader.TokenType is JsonTokenType.String && !namesAlone);
                if (isAsked && reader.ValueIsEscaped && MayHaveSurrogates(reader.ValueSpan))
                    reader.GetString();
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            // What GetString throws at a lone one.
            return false;
        }
    }

    /// <summary>Parses what <see cref="IsValid"/> accepted.</summary>
    public static JsonElement Parse(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, ReaderOptions);
        return JsonElement.ParseValue(ref reader);
    }

    public static JsonElement StringElement(string text) => Parse(Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(text)}\""));

    // Most texts have none, and need not become strings.
    private static bool MayHaveSurrogates(ReadOnlySpan<byte> escaped) => escaped.IndexOf("\\ud"u8) >= 0 || escaped.IndexOf("\\uD"u8) >= 0;
}
