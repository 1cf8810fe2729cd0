using Microsoft.AspNetCore.Http;

namespace Hermes.Core.Http.Endpoints;

/// <summary>The header that names the run of a turn in each of its answers, for <c>/v1/runs/{run_id}</c>.</summary>
internal static class RunHeader
{
    public const string Name = "X-Hermes-Run-Id";

    /// <summary>Names the run in an answer.</summary>
    public static void Write(HttpResponse response, string runId) => response.Headers[Name] = runId;
}
