using Hermes.Core.Chat;

namespace Hermes.Core.Http.Endpoints;

/// <summary>A setting that allows a group of calls which change something. On an endpoint's metadata it says which one the endpoint needs.</summary>
/// <param name="Setting">The setting's whole name, for the answer to who is refused.</param>
/// <param name="IsOn">Reads it, from an application's services.</param>
internal sealed record WriteSwitch(string Setting, Func<IServiceProvider, bool> IsOn)
{
    /// <summary>Creating, changing, forking and deleting sessions.</summary>
    public static WriteSwitch Sessions { get; } = OfApi("Hermes:Api:AllowSessionWrites", options => options.AllowSessionWrites);

    /// <summary>Adding, replacing and removing entries of the memory.</summary>
    public static WriteSwitch Memory { get; } = OfApi("Hermes:Api:AllowMemoryWrites", options => options.AllowMemoryWrites);

    /// <summary>Changing config.yaml.</summary>
    public static WriteSwitch Config { get; } = OfApi("Hermes:Api:AllowConfigWrites", options => options.AllowConfigWrites);

    /// <summary>Choosing the model of a session's turns.</summary>
    public static WriteSwitch Model { get; } = new(
        "Hermes:Chat:AllowModelChoice", services => services.GetRequiredService<HermesChatOptions>().AllowModelChoice);

    private static WriteSwitch OfApi(string setting, Func<HermesApiOptions, bool> isOn) =>
        new(setting, services => isOn(services.GetRequiredService<HermesApiOptions>()));
}
