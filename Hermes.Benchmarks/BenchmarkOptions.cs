using System.Globalization;

namespace Hermes.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchmarkOptions
{
    public const string Serve = "--serve";
    public const string Commit = "--commit";

    public const string Usage = """
        dotnet run -c Release --project Hermes.Benchmarks -- [options]

          --sessions N     the largest home that is measured: 1000, 10000 or 100000 (default: 100000)
          --seconds N      how long each load runs (default: 2)
          --rounds N       how often each load runs, alternating with the static endpoint (default: 3)
          --soak MINUTES   also watch the memory of each build of the host under a mixed load (default: 10; 0 leaves it out)
          --out FILE       where the tables go (default: Hermes.Benchmarks/RESULTS.md)
          --micro          the micro-benchmarks instead; further arguments go to BenchmarkDotNet
        """;

    /// <summary>The homes' sizes, in sessions.</summary>
    public static IReadOnlyList<int> Sizes { get; } = [1_000, 10_000, 100_000];

    public int Sessions { get; private init; } = 100_000;

    public double Seconds { get; private init; } = 2;

    public int Rounds { get; private init; } = 3;

    public double SoakMinutes { get; private init; } = 10;

    /// <summary>Null: beside the project.</summary>
    public string? Out { get; private init; }

    public bool RunsMicro { get; private init; }

    public string[] MicroArguments { get; private init; } = [];

    /// <summary>The home that this process serves; null where it measures.</summary>
    public string? ServedHome { get; private init; }

    /// <summary>The home that this process writes to; null where it measures.</summary>
    public string? WrittenHome { get; private init; }

    /// <summary>Null where the arguments cannot be understood.</summary>
    public static BenchmarkOptions? Parse(ReadOnlySpan<string> arguments)
    {
        var options = new BenchmarkOptions();
        while (arguments is [var name, .. var rest])
        {
            if (name == "--micro")
            {
                return options with { RunsMicro = true, MicroArguments = rest.ToArray() };
            }

            if (rest is not [var value, .. var others] || options.With(name, value) is not { } changed)
            {
                return null;
            }

            options = changed;
            arguments = others;
        }

        return options;
    }

    private BenchmarkOptions? With(string name, string value) => name switch
    {
        "--sessions" when int.TryParse(value, CultureInfo.InvariantCulture, out var sessions) && Sizes.Contains(sessions) => this with { Sessions = sessions },
        "--seconds" when double.TryParse(value, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 => this with { Seconds = seconds },
        "--rounds" when int.TryParse(value, CultureInfo.InvariantCulture, out var rounds) && rounds > 0 => this with { Rounds = rounds },
        "--soak" when double.TryParse(value, CultureInfo.InvariantCulture, out var minutes) && minutes >= 0 => this with { SoakMinutes = minutes },
        "--out" => this with { Out = value },
        Serve => this with { ServedHome = value },
        Commit => this with { WrittenHome = value },
        _ => null,
    };
}
