using System.Net;
using Hermes.Benchmarks.Homes;
using Hermes.Benchmarks.Load;
using Hermes.Benchmarks.Reporting;
using Hermes.Benchmarks.Serving;

namespace Hermes.Benchmarks.Scenarios;

/// <summary>Each endpoint under load, alternating with a static answer of the same length.</summary>
internal static class EndpointScenario
{
    private const double WarmUpSeconds = 6;

    public static async Task RunAsync(BenchmarkHome kept, BenchmarkOptions options, Report report)
    {
        using var scratch = kept.Copy();
        var home = scratch.Home;
        using var server = ServerProcess.StartBenchmarkServer(home);
        var targets = report.Table(
            $"Endpoints, home of {home.Sessions:n0} sessions",
            "Processor time of the server for one request, in milliseconds. *First*: nothing was answered before (other pages each time; for skills and "
            + "config, every file changed before each request). *Again*: the answer is unchanged, as times the static answer of the same length. "
            + "*Reference*: the Python gateway on a like machine.",
            "endpoint", "reference", "first: at most", "first: measured", "again: at most × static", "again: measured × static");
        var details = report.Table(
            "The same in detail",
            $"{Wrk.Connections} connections, {options.Rounds} rounds of {options.Seconds:0.#} s.",
            "endpoint", "", "answer, bytes", "requests/s", "p50, ms", "p99, ms", "CPU/request, ms", "allocated/request, bytes");
        var changes = await ChangeScenario.RunAsync(server, home, options, report);

        foreach (var endpoint in await Endpoint.AllAsync(server, home))
        {
            Console.WriteLine(endpoint.Name);
            var sample = (endpoint.First ?? endpoint.Again)!;
            var length = await LengthAsync(server, sample);
            if (length is null)
            {
                targets.Add(endpoint.Name, Cell.Number(endpoint.Reference), Cell.Number(endpoint.FirstTarget), "not served", Cell.Number(endpoint.AgainTarget), "not served");
                continue;
            }

            var (still, first, again) = await MeasureAsync(server, endpoint, new Requests($"/static/{length}"), options);
            targets.Add(
                endpoint.Name,
                Cell.Number(endpoint.Reference),
                Cell.Number(endpoint.FirstTarget),
                Cell.Judged((first ?? changes.GetValueOrDefault(endpoint.Name))?.CpuMilliseconds, endpoint.FirstTarget),
                Cell.Number(endpoint.AgainTarget),
                Cell.Judged(again?.CpuMilliseconds / still.CpuMilliseconds, endpoint.AgainTarget));
            foreach (var (kind, result) in new[] { ("first", first), ("again", again), ("static", still) })
            {
                if (result is not null)
                {
                    details.Add(endpoint.Name, kind, Cell.Count(length.Value), Cell.Count(result.RequestsPerSecond), Cell.Number(result.Median.TotalMilliseconds),
                        Cell.Number(result.P99.TotalMilliseconds), Cell.Number(result.CpuMilliseconds), Cell.Count(result.BytesPerRequest));
                }
            }
        }
    }

    /// <summary>Loads the server and says what it allocated meanwhile.</summary>
    public static async Task<LoadResult> LoadAsync(ServerProcess server, Requests requests, double seconds)
    {
        var before = await server.ReadAllocatedBytesAsync();
        var result = await Wrk.RunAsync(server, requests, seconds);
        return result with { AllocatedBytes = await server.ReadAllocatedBytesAsync() - before };
    }

    private static async Task<(LoadResult Still, LoadResult? First, LoadResult? Again)> MeasureAsync(
        ServerProcess server, Endpoint endpoint, Requests still, BenchmarkOptions options)
    {
        // What is unchanged takes turns with the static answer, and nothing between: after a load that fills the caches with other things, or makes
        // the heap collect, whatever comes next pays for it.
        var compared = await TakeTurnsAsync(server, [still, endpoint.Again], options);
        var first = await TakeTurnsAsync(server, [endpoint.First], options);
        return (compared[0]!, first[0], compared[1]);
    }

    private static async Task<LoadResult?[]> TakeTurnsAsync(ServerProcess server, Requests?[] kinds, BenchmarkOptions options)
    {
        var rounds = kinds.Select(_ => new List<LoadResult>()).ToArray();
        for (var round = 0; round <= options.Rounds; round++)
        {
            for (var kind = 0; kind < kinds.Length; kind++)
            {
                if (kinds[kind] is not { } requests)
                {
                    continue;
                }

                if (round == 0)
                {
                    // Until the runtime has found out what is worth compiling well, and has done so.
                    await Wrk.RunAsync(server, requests, Math.Max(options.Seconds, WarmUpSeconds));
                }
                else
                {
                    rounds[kind].Add(await LoadAsync(server, requests, options.Seconds));
                }
            }
        }

        return [.. rounds.Select(results => results.Count > 0 ? LoadResult.Sum(results) : null)];
    }

    private static async Task<int?> LengthAsync(ServerProcess server, Requests requests)
    {
        using var request = new HttpRequestMessage(new HttpMethod(requests.Method), requests.Paths[0]);
        request.Content = requests.Body is null ? null : new StringContent(requests.Body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        if (requests.IfNoneMatch is { } tag)
        {
            request.Headers.IfNoneMatch.ParseAdd(tag);
        }

        using var answer = await server.Client.SendAsync(request);
        return answer.StatusCode switch
        {
            HttpStatusCode.NotFound => null,
            HttpStatusCode.NotModified => 0,
            _ => (await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync()).Length,
        };
    }
}
