namespace Hermes.Core.Http.Wire;

/// <summary>Takes fields out of a request's JSON object, and refuses those of the wrong type by name.</summary>
internal static class JsonFields
{
    // A field's name comes from the request, however long it is.
    private const int MaxShownLength = 80;

    /// <summary>A text field.</summary>
    /// <returns>Null where it is missing or null.</returns>
    /// <exception cref="RequestException">It is no string, or has a lone surrogate, which UTF-8 cannot store.</exception>
    public static string? FindText(this JsonElement body, string name)
    {
        if (body.ValueKind is not JsonValueKind.Object || !body.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null)
            return null;

        if (value.ValueKind is not JsonValueKind.String)
            throw new RequestException($"'{name}' must be a string", param: name);

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            throw new RequestException($"'{name}' is not valid Unicode: it has half of a surrogate pair", param: name);
        }
    }

    /// <summary>A field that is true or false.</summary>
    /// <returns>Null where it is missing.</returns>
    /// <exception cref="RequestException">It is neither; the answer has <paramref name="code"/>.</exception>
    public static bool? FindFlag(this JsonElement body, string name, string code) =>
        body.ValueKind is not JsonValueKind.Object || !body.TryGetProperty(name, out var value) ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw new RequestException($"'{name}' must be true or false", param: name) { Code = code };

    /// <summary>Whether a field is there, if only as null.</summary>
    public static bool Has(this JsonElement body, string name) => body.ValueKind is JsonValueKind.Object && body.TryGetProperty(name, out _);

    /// <summary>Refuses an object that has other fields than these, by their names.</summary>
    /// <exception cref="RequestException">It has.</exception>
    public static void RefuseOthers(this JsonElement body, params ReadOnlySpan<string> known)
    {
        if (body.ValueKind is not JsonValueKind.Object)
            return;

        foreach (var property in body.EnumerateObject())
        {
            if (!known.Contains(property.Name))
            {
                var name = property.Name.Length <= MaxShownLength ? property.Name
                    : $"{property.Name.AsSpan(0, char.IsHighSurrogate(property.Name[MaxShownLength - 1]) ? MaxShownLength - 1 : MaxShownLength)}...";
                throw new RequestException(
                    $"Unknown field '{name}': what can be given is {string.Join(", ", known!)}", param: name);
            }
        }
    }

    /// <summary>Whether a field is missing or says nothing: null, false, 0, an empty text, list or object.</summary>
    /// <remarks>The reference is Python, where all of these count as not given.</remarks>
    public static bool IsBlank(this JsonElement body, string name) =>
        body.ValueKind is not JsonValueKind.Object || !body.TryGetProperty(name, out var value) || value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.False => true,
            JsonValueKind.String => value.ValueEquals(""),
            JsonValueKind.Number => value.TryGetDouble(out var number) && number == 0,
            JsonValueKind.Array => value.GetArrayLength() == 0,
            JsonValueKind.Object => value.GetPropertyCount() == 0,
            _ => false,
        };
}
