using System.Text.Json;

namespace Hermes.Core.Tests.Support;

/// <summary>Holds JSON against the schemas of an OpenAPI document, as strictly as a typed client reads it: what no schema names is wrong.</summary>
/// <remarks>It knows the words of JSON Schema that our document uses, and stops at one that it does not know.</remarks>
/// <param name="document">The document that references point into.</param>
internal sealed class SchemaCheck(JsonElement document)
{
    // Words that say nothing of whether a value is right.
    private static readonly HashSet<string> Notes = ["title", "description", "default", "example", "examples", "deprecated"];

    /// <summary>What is wrong with a value, each with where; empty where nothing is.</summary>
    public IReadOnlyList<string> Check(JsonElement schema, JsonElement value)
    {
        var problems = new List<string>();
        Check(schema, value, "$", problems);
        return problems;
    }

    private void Check(JsonElement schema, JsonElement value, string where, List<string> problems)
    {
        foreach (var word in schema.EnumerateObject())
        {
            switch (word.Name)
            {
                case "$ref":
                    Check(Resolve(word.Value.GetString()!), value, where, problems);
                    break;
                case "type":
                    if (!Types(word.Value).Any(type => IsOf(type!, value)))
                        problems.Add($"{where} is {Describe(value)}, described as {word.Value}");

                    break;
                case "properties":
                    CheckProperties(schema, word.Value, value, where, problems);
                    break;
                case "required":
                    problems.AddRange(
                        from name in word.Value.EnumerateArray()
                        where value.ValueKind is JsonValueKind.Object && !value.TryGetProperty(name.GetString()!, out _)
                        select $"{where}.{name} is missing, described as required");
                    break;
                case "additionalProperties" when !schema.TryGetProperty("properties", out _):
                    if (value.ValueKind is JsonValueKind.Object)
                    {
                        foreach (var property in value.EnumerateObject())
                            Check(word.Value, property.Value, $"{where}.{property.Name}", problems);
                    }

                    break;
                case "items":
                    if (value.ValueKind is JsonValueKind.Array)
                    {
                        foreach (var (index, item) in value.EnumerateArray().Index())
                            Check(word.Value, item, $"{where}[{index}]", problems);
                    }

                    break;
                case "allOf":
                    foreach (var part in word.Value.EnumerateArray())
                        Check(part, value, where, problems);

                    break;
                case "anyOf" or "oneOf":
                    // The choice that comes closest says what is wrong.
                    var closest = word.Value.EnumerateArray().Select(choice =>
                    {
                        var own = new List<string>();
                        Check(choice, value, where, own);
                        return own;
                    }).MinBy(own => own.Count + (own.Exists(problem => problem.StartsWith($"{where} is ", StringComparison.Ordinal)) ? 1000 : 0))!;
                    problems.AddRange(closest);
                    break;
                case "enum":
                    if (!word.Value.EnumerateArray().Any(choice => JsonElement.DeepEquals(choice, value)))
                        problems.Add($"{where} is {Describe(value)}, described as one of {word.Value}");

                    break;
                case "format":
                    if (word.Value.GetString() is "int32" && value.ValueKind is JsonValueKind.Number && !value.TryGetInt32(out _))
                        problems.Add($"{where} is {value}, described as int32");

                    break;
                case "additionalProperties":
                    break;
                default:
                    Assert.True(Notes.Contains(word.Name), $"The OpenAPI document uses '{word.Name}', which this check does not know yet.");
                    break;
            }
        }
    }

    private void CheckProperties(JsonElement schema, JsonElement properties, JsonElement value, string where, List<string> problems)
    {
        if (value.ValueKind is not JsonValueKind.Object) return;

        foreach (var property in value.EnumerateObject())
        {
            if (properties.TryGetProperty(property.Name, out var known) || schema.TryGetProperty("additionalProperties", out known))
                Check(known, property.Value, $"{where}.{property.Name}", problems);
            else
                problems.Add($"{where}.{property.Name} is in the answer and not in the schema");
        }

        problems.AddRange(value.EnumerateObject().CountBy(property => property.Name).Where(count => count.Value > 1).Select(count => $"{where}.{count.Key} is there twice"));
    }

    private JsonElement Resolve(string reference) =>
        reference.TrimStart('#', '/').Split('/').Aggregate(document, (at, name) => at.GetProperty(name));

    private static IEnumerable<string?> Types(JsonElement type) =>
        type.ValueKind is JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()) : [type.GetString()];

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "null" => value.ValueKind is JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "string" => value.ValueKind is JsonValueKind.String,
        "number" => value.ValueKind is JsonValueKind.Number,
        "integer" => value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out _),
        "array" => value.ValueKind is JsonValueKind.Array,
        "object" => value.ValueKind is JsonValueKind.Object,
        _ => throw new InvalidOperationException($"Unknown type '{type}'"),
    };

    private static string Describe(JsonElement value) => value.GetRawText() is { Length: > 80 } text ? $"{text[..80]}…" : value.GetRawText();
}
