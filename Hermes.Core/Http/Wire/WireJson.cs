using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json.Serialization.Metadata;

namespace Hermes.Core.Http.Wire;

/// <summary>How the records of this folder become the JSON of answers and events.</summary>
internal static class WireJson
{
    /// <summary>Escapes what JSON demands and no more, since answers are <c>application/json</c> with nosniff and never inside a page. What a record does not
    /// require is left out where it is null; what it requires is there, if only as null.</summary>
    /// <remarks>The depth is that of the deepest value of a home that may be shown: see <see cref="Configuration.SafeConfig"/>.</remarks>
    public static JsonSerializerOptions Options { get; } = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 1024,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new TextConverter() },
        TypeInfoResolver = HermesJsonContext.Default.WithAddedModifier(LeaveOutMissing),
    };

    public static byte[] Serialize<TValue>(TValue value) => JsonSerializer.SerializeToUtf8Bytes(value, TypeInfo<TValue>());

    /// <summary>The JSON of a record that holds a long text, in memory that is taken once.</summary>
    /// <remarks>The serializer doubles its own until all of it has room: for four megabytes that are twelve that it then keeps, and a copy.</remarks>
    public static ReadOnlyMemory<byte> Serialize<TValue>(TValue value, int textLength)
    {
        const int Frame = 1024;
        var output = new ArrayBufferWriter<byte>(textLength + Frame);
        Write(output, value!);
        return output.WrittenMemory;
    }

    /// <summary>The JSON of a record, to be put into another one.</summary>
    public static JsonElement ToElement<TValue>(TValue value) => JsonSerializer.SerializeToElement(value, TypeInfo<TValue>());

    /// <summary>Writes the JSON of a record of any type.</summary>
    public static void Write(IBufferWriter<byte> output, object value)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = Options.Encoder, MaxDepth = Options.MaxDepth });
        JsonSerializer.Serialize(json, value, Options.GetTypeInfo(value.GetType()));
    }

    /// <summary>The shapes for options of somebody else's, whose naming policy is for other types.</summary>
    public static IJsonTypeInfoResolver ForOtherOptions { get; } = HermesJsonContext.Default.WithAddedModifier(type =>
    {
        foreach (var (property, ours) in type.Properties.Zip(Options.GetTypeInfo(type.Type).Properties))
            property.Name = ours.Name;
    });

    private static JsonTypeInfo<TValue> TypeInfo<TValue>() => (JsonTypeInfo<TValue>)Options.GetTypeInfo(typeof(TValue));

    private static void LeaveOutMissing(JsonTypeInfo type)
    {
        // OpenAI's clients read both of its optional fields, null or not.
        if (type.Type == typeof(Errors.OpenAIErrorDetail)) return;

        foreach (var property in type.Properties)
        {
            if (!property.IsRequired && property.AssociatedParameter is null or { HasDefaultValue: true } or { IsMemberInitializer: true })
                property.ShouldSerialize = static (_, value) => value is not null;
        }
    }

    /// <summary>Writes texts as ever, but long ones in segments.</summary>
    /// <remarks>For the whole at once the writer takes the memory that it may need at the most: up to 15 bytes for each character.</remarks>
    private sealed class TextConverter : JsonConverter<string>
    {
        private const int SegmentLength = 4 * 1024;

        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();
        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
        {
            var rest = value.AsSpan();
            if (rest.Length <= SegmentLength)
            {
                writer.WriteStringValue(rest);
                return;
            }

            for (; rest.Length > SegmentLength; rest = rest[SegmentLength..])
                writer.WriteStringValueSegment(rest[..SegmentLength], isFinalSegment: false);

            writer.WriteStringValueSegment(rest, isFinalSegment: true);
        }
    }
}
