using Hermes.Core.Http.Caching;
using Hermes.Core.Http.Wire;
using Hermes.Core.Memory;
using Microsoft.AspNetCore.Mvc;
using static Hermes.Core.Http.Wire.MemoryWire;

namespace Hermes.Core.Http.Endpoints;

internal static class MemoryEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var routes = endpoints.MapGroup("").WithTags("Memory").WithMetadata(new HermesEndpoint(ErrorShape.Outcome));
        routes.MapGet("/api/memory", GetMemory).Named("memory").Produces<MemoryFiles>().ProducesErrors(400, 500);
        ChangesMemory(routes.MapPost("/api/memory", AddEntry).Named("memory_writes").AcceptsJson<AddMemoryEntry>());
        ChangesMemory(routes.MapPatch("/api/memory", ReplaceEntry).Named("memory_replace").AcceptsJson<ReplaceMemoryEntry>());
        ChangesMemory(routes.MapDelete("/api/memory", RemoveEntry).Named("memory_remove").AcceptsJson<RemoveMemoryEntry>());

        static void ChangesMemory(RouteHandlerBuilder endpoint) => endpoint.Behind(WriteSwitch.Memory)
            .Produces<MemoryChanged>().Produces<MemoryRejected>(StatusCodes.Status400BadRequest).ProducesErrors(403, 409, 413, 415, 500, 503);
    }

    /// <summary>Gets what the agent remembers: the texts of the files, and their entries.</summary>
    /// <param name="target"><c>all</c>, <c>memory</c> or <c>user</c> gives the entries alone; without it, the texts of the files are in the answer as well.</param>
    /// <response code="200">The entries of one memory or of both. The text of a file that does not exist is missing.</response>
    /// <response code="500">A file exists but cannot be read; the text says which.</response>
    internal static async Task<JsonAnswer> GetMemory(HttpContext http, MemoryReader memory, SnapshotAnswers answers, [FromQuery] string? target)
    {
        Func<MemorySnapshot, MemoryFiles> show = target switch
        {
            null or "" => MemoryFiles.From,
            "all" => snapshot => MemoryFiles.From(snapshot.Memory, snapshot.User),
            "memory" => snapshot => MemoryFiles.From(snapshot.Memory),
            "user" => snapshot => MemoryFiles.From(snapshot.User),
            _ => throw new RequestException("'target' must be all, memory or user", param: "target"),
        };
        var snapshot = await memory.ReadAsync(http.RequestAborted);
        return answers.Get(snapshot, target ?? "", () => show(snapshot));
    }

    /// <summary>Adds an entry to a memory. An entry that is already there is not added twice.</summary>
    /// <response code="200">The memory as it is now.</response>
    /// <response code="400">The entry is missing, does not fit into the limit, or looks like an attack on the agent. Nothing was changed.</response>
    /// <response code="409">The file was written by hand, and the change would lose a part of it; the text says which. Nothing was changed.</response>
    /// <response code="500">The file cannot be read or written; the text says which and what to do.</response>
    /// <response code="503">Another process is writing the file and did not finish in time. Retry-After says when to try again.</response>
    internal static Task<JsonAnswer> AddEntry(HttpContext http, MemoryWriter memory) => WriteAsync(
        http, (target, fields) => memory.AddAsync(target, Required(fields, "content"), http.RequestAborted));

    /// <summary>Replaces the entry of a memory that contains a text.</summary>
    /// <response code="200">The memory as it is now.</response>
    /// <response code="400">
    /// No entry contains the text, or several do, or the new entry is missing, does not fit into the limit, or looks like an attack on the
    /// agent. Nothing was changed.
    /// </response>
    /// <response code="409">The file was written by hand, and the change would lose a part of it; the text says which. Nothing was changed.</response>
    /// <response code="500">The file cannot be read or written; the text says which and what to do.</response>
    /// <response code="503">Another process is writing the file and did not finish in time. Retry-After says when to try again.</response>
    internal static Task<JsonAnswer> ReplaceEntry(HttpContext http, MemoryWriter memory) => WriteAsync(
        http, (target, fields) => memory.ReplaceAsync(target, Required(fields, "old_text"), Required(fields, "content"), http.RequestAborted));

    /// <summary>Removes the entry of a memory that contains a text.</summary>
    /// <response code="200">The memory as it is now.</response>
    /// <response code="400">No entry contains the text, or several do. Nothing was changed.</response>
    /// <response code="409">The file was written by hand, and the change would lose a part of it; the text says which. Nothing was changed.</response>
    /// <response code="500">The file cannot be read or written; the text says which and what to do.</response>
    /// <response code="503">Another process is writing the file and did not finish in time. Retry-After says when to try again.</response>
    internal static Task<JsonAnswer> RemoveEntry(HttpContext http, MemoryWriter memory) => WriteAsync(
        http, (target, fields) => memory.RemoveAsync(target, Required(fields, "old_text"), http.RequestAborted));

    private static async Task<JsonAnswer> WriteAsync(HttpContext http, Func<MemoryTarget, JsonElement, Task<MemoryWriteResult>> write)
    {
        var fields = await RequestBody.ReadObjectAsync(http);

        // The agent's own tool takes the same memory where none is named.
        var target = fields.FindText("target") switch
        {
            null or "" or "memory" => MemoryTarget.Memory,
            "user" => MemoryTarget.User,
            _ => throw new RequestException("'target' must be memory or user", param: "target"),
        };
        return JsonAnswer.Of(MemoryChanged.From(await write(target, fields)));
    }

    private static string Required(JsonElement fields, string name) =>
        fields.FindText(name) ?? throw new RequestException($"'{name}' is missing", param: name);
}
