using System.Net;
using System.Net.Http.Headers;
using Hermes.Benchmarks.Homes;
using Hermes.Benchmarks.Load;
using Hermes.Benchmarks.Reporting;
using Hermes.Benchmarks.Serving;

namespace Hermes.Benchmarks.Scenarios;

/// <summary>What each answer costs, as multiples of static answers that take turns with it.</summary>
internal static class EndpointScenario
{
    private const string Small = "/static/40";

    /// <summary>Measures the answers whose name the filter takes; null takes all.</summary>
    public static async Task RunAsync(BenchmarkHome kept, BenchmarkOptions options, Report report, Predicate<string>? filter = null)
    {
        using var scratch = kept.Copy();
        var home = scratch.Home;
        using var server = ServerProcess.StartBenchmarkServer(home);
        var bars = report.Table(
            $"Answers, home of {home.Sessions:n0} sessions of {home.Messages} messages",
            "Processor time of the server for one request. S is a static answer of 40 bytes by the same server, L a static answer of the same length; both take "
            + "turns with what is measured. *First*: nothing was answered before (other pages each time; for memory, config and skills, other "
            + "files are put in the place of all of theirs before each request of a single client, with S measured in the same way). *Unchanged*: the same request again.",
            "answer", "bytes", "first: at most", "first", "unchanged: at most", "unchanged");
        var details = report.Table(
            "The same in detail",
            $"{Wrk.Connections} connections, {options.Rounds} rounds of {options.Seconds:0.#} s. One client where files are exchanged before each request.",
            "answer", "", "requests/s", "p50, ms", "p99, ms", "CPU/request, µs");
        foreach (var endpoint in (await Endpoint.AllAsync(server, home)).Where(endpoint => filter?.Invoke(endpoint.Name) ?? true))
        {
            Console.WriteLine(endpoint.Name);
            var length = await LengthAsync(server, (endpoint.First ?? endpoint.Unchanged)!);
            var isNotModified = endpoint.Unchanged?.IfNoneMatch is not null;
            var sameLength = new Requests($"/static/{length}");

            // What is unchanged takes turns with the static answers, and nothing between: after a load that fills the caches with other things, or
            // makes the heap collect, whatever comes next pays for it.
            var compared = await TakeTurnsAsync(
                options, Load(new Requests(Small)), endpoint.Unchanged is null || isNotModified ? null : Load(sameLength), Load(endpoint.Unchanged));
            var first = endpoint.Change is { } change
                ? await TakeTurnsAsync(options, seconds => OneByOne.RunAsync(server, change, Small, seconds), seconds => OneByOne.RunAsync(server, change, endpoint.Unchanged!.Paths[0], seconds))
                : [compared[0], .. await TakeTurnsAsync(options, Load(endpoint.First))];
            var small = compared[0]!.CpuMicroseconds;
            bars.Add(
                endpoint.Name,
                Cell.Count(length),
                Cell.Bar(endpoint.FirstBar),
                Cell.JudgedBar(first[1]?.CpuMicroseconds / first[0]!.CpuMicroseconds, endpoint.FirstBar),
                Cell.Bar(endpoint.UnchangedBar, isAboveLength: !isNotModified),
                Cell.JudgedBar((compared[2]?.CpuMicroseconds - (compared[1]?.CpuMicroseconds ?? 0)) / small, endpoint.UnchangedBar, isAboveLength: !isNotModified));
            (string Kind, LoadResult? Result)[] kinds =
            [
                ("S", compared[0]), ("L", compared[1]), ("unchanged", compared[2]), ("S, one client", endpoint.Change is null ? null : first[0]), ("first", first[1]),
            ];
            foreach (var (kind, result) in kinds)
            {
                if (result is not null)
                {
                    details.Add(endpoint.Name, kind, Cell.Count(result.RequestsPerSecond), Cell.Number(result.Median.TotalMilliseconds),
                        Cell.Number(result.P99.TotalMilliseconds), Cell.Number(result.CpuMicroseconds));
                }
            }
        }

        Func<double, Task<LoadResult>>? Load(Requests? requests) => requests is null ? null : seconds => Wrk.RunAsync(server, requests, seconds);
    }

    private static async Task<LoadResult?[]> TakeTurnsAsync(BenchmarkOptions options, params Func<double, Task<LoadResult>>?[] loads)
    {
        var rounds = loads.Select(_ => new List<LoadResult>()).ToArray();
        for (var round = 0; round <= options.Rounds; round++)
        {
            foreach (var (index, load) in loads.Index())
            {
                if (load is null) continue;

                var result = await load(round == 0 ? options.WarmUpSeconds : options.Seconds);
                if (round > 0)
                    rounds[index].Add(result);
            }
        }

        return [.. rounds.Select(results => results.Count > 0 ? LoadResult.Sum(results) : null)];
    }

    private static async Task<int> LengthAsync(ServerProcess server, Requests requests)
    {
        using var request = new HttpRequestMessage(new HttpMethod(requests.Method), requests.Paths[0]);
        request.Content = requests.Body is null ? null : new StringContent(requests.Body, new MediaTypeHeaderValue("application/json"));
        if (requests.IfNoneMatch is { } tag)
            request.Headers.IfNoneMatch.ParseAdd(tag);

        using var answer = await server.Client.SendAsync(request);
        return answer.StatusCode is HttpStatusCode.NotModified ? 0 : (await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync()).Length;
    }
}
