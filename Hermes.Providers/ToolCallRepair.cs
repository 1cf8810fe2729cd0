using System.Text.Json.Nodes;

namespace Hermes.Providers;

/// <summary>Tells the tool calls of one answer apart, and numbers them: pieces of one call share its index, and no two calls do.</summary>
/// <remarks>For one answer and one thread.</remarks>
internal sealed class ToolCallRepair
{
    private readonly List<Call> _calls = [];
    private int _chunk;

    /// <summary>Whether there was any call so far.</summary>
    public bool HasAny => _calls.Exists(call => call.Name is not null);

    /// <summary>Repairs the pieces of calls of one chunk.</summary>
    public JsonArray Repair(IEnumerable<JsonObject> pieces)
    {
        _chunk++;
        var repaired = new JsonArray();
        foreach (var piece in pieces)
            repaired.Add((JsonNode)Repair(piece));

        return repaired;
    }

    /// <summary>The arguments of the calls that were given none: an empty object, as an empty text is no JSON.</summary>
    public JsonArray Complete() => new(
    [
        .. _calls.Where(call => string.IsNullOrWhiteSpace(call.Arguments.ToString()))
            .Select(call => new JsonObject { ["index"] = call.Index, ["function"] = new JsonObject { ["arguments"] = "{}" } }),
    ]);

    private JsonObject Repair(JsonObject piece)
    {
        // Some leave out the level between.
        var function = piece["function"] as JsonObject ?? piece;
        var id = piece["id"].Word();
        var index = piece["index"].Number();
        var name = function["name"].Word();
        var arguments = ArgumentsOf(function);

        var call = Find(id, index, name);
        var isNew = call is null;
        if (call is null)
        {
            // Two calls must not share an id, or the second one's result would be the first one's.
            var ownId = id is not null && !_calls.Exists(known => known.Id == id) ? id : "call_" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
            call = new Call(_calls.Count, ownId, id, index);
            _calls.Add(call);
        }

        call.Chunk = _chunk;
        arguments = call.Joiner.Join(arguments);
        call.Arguments.Append(arguments);
        var repaired = new JsonObject { ["index"] = call.Index, ["function"] = new JsonObject { ["arguments"] = arguments } };
        if (isNew)
        {
            repaired["id"] = call.Id;
            repaired["type"] = "function";
        }

        if (call.Name is null && name is not null)
        {
            call.Name = name;
            repaired["function"]!["name"] = name;
        }

        foreach (var (key, value) in piece.Where(property => property.Key is not ("id" or "index" or "type" or "function" or "name" or "arguments")))
            repaired[key] = value?.DeepClone();

        return repaired;
    }

    /// <summary>The call that a piece goes on with; null where it begins one.</summary>
    private Call? Find(string? id, long? index, string? name)
    {
        var known = id is null
            ? null
            : _calls.FindLast(call => call.SentId == id && (index is null || call.SentIndex is null || call.SentIndex == index))
                ?? (name is null ? _calls.FindLast(call => call.SentId == id) : null);
        if (known is not null)
        {
            // An id that all calls of a chunk have tells nothing.
            return name is not null && known.Chunk == _chunk ? null : known;
        }

        var last = (index is null ? null : _calls.FindLast(call => call.SentIndex == index)) ?? (index is null || name is null ? _calls.LastOrDefault() : null);
        if (last is null || (id is not null && (last.SentId is not null || name is not null))) return null;

        // Without an id, a name begins a call; but some repeat the name with every piece of the arguments.
        var isNext = name is not null && last.Name is not null
            && (index is null || name != last.Name || last.Chunk == _chunk || last.HasWholeArguments);
        return isNext ? null : last;
    }

    private static string ArgumentsOf(JsonObject function) => function["arguments"] switch
    {
        null => "",
        var text when text.GetValueKind() is JsonValueKind.String => text.GetValue<string>(),
        var value => value.ToJsonString(),
    };

    /// <param name="index">Its number in the repaired answer.</param>
    /// <param name="id">Its id.</param>
    /// <param name="sentId">The id that the provider gave, which another call may have too; null where it gave none.</param>
    /// <param name="sentIndex">The index that the provider gave; null where it gave none.</param>
    private sealed class Call(int index, string id, string? sentId, long? sentIndex)
    {
        public int Index => index;

        public string Id => id;

        public string? SentId => sentId;

        public long? SentIndex => sentIndex;

        public string? Name { get; set; }

        /// <summary>The chunk that the last piece of it came with.</summary>
        public int Chunk { get; set; }

        public StringBuilder Arguments { get; } = new();

        public SurrogateJoiner Joiner { get; } = new();

        public bool HasWholeArguments
        {
            get
            {
                if (Arguments.Length == 0 || Arguments[^1] is not '}') return false;

                try
                {
                    return JsonElement.Parse(Arguments.ToString()).ValueKind is JsonValueKind.Object;
                }
                catch (JsonException)
                {
                    return false;
                }
            }
        }
    }
}
