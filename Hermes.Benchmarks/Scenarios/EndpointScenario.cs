using System.Net;
using Hermes.Benchmarks.Homes;
using Hermes.Benchmarks.Load;
using Hermes.Benchmarks.Reporting;
using Hermes.Benchmarks.Serving;

namespace Hermes.Benchmarks.Scenarios;

/// <summary>Each endpoint under load, alternating with a static answer of the same length.</summary>
internal static class EndpointScenario
{
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
            var length = endpoint.IsEmpty ? 0 : await LengthAsync(server, sample);
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
        var kinds = new[] { still, endpoint.First, endpoint.Again };
        var rounds = kinds.Select(_ => new List<LoadResult>()).ToArray();

        // The round before the first lets the runtime find out what is worth compiling well.
        for (var round = 0; round <= options.Rounds; round++)
        {
            for (var kind = 0; kind < kinds.Length; kind++)
            {
                if (kinds[kind] is { } requests)
                {
                    var result = await LoadAsync(server, requests, options.Seconds);
                    if (round > 0)
                    {
                        rounds[kind].Add(result);
                    }
                }
            }
        }

        return (LoadResult.Sum(rounds[0]), Sum(rounds[1]), Sum(rounds[2]));
    }

    private static LoadResult? Sum(List<LoadResult> rounds) => rounds.Count > 0 ? LoadResult.Sum(rounds) : null;

    private static async Task<int?> LengthAsync(ServerProcess server, Requests requests)
    {
        using var request = new HttpRequestMessage(new HttpMethod(requests.Method), requests.Paths[0]);
        request.Content = requests.Body is null ? null : new StringContent(requests.Body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        using var answer = await server.Client.SendAsync(request);
        return answer.StatusCode is HttpStatusCode.NotFound
            ? null
            : (await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync()).Length;
    }
}
